// Reads and judges answers of the token endpoint (RFC 6749 5.1 and 5.2, and what providers add).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/connect/state.hpp"
#include "core/oauth/meaning.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace rekey::oauth {

/// The tokens of a grant. `refresh_token` empty: the answer had none; after a refresh the one that
/// was used stays valid (RFC 6749 6).
struct Tokens {
  Secret access_token;
  Secret refresh_token;
  Secret id_token;
  connect::Lifetimes lifetimes;
  std::string scope;  ///< as granted; empty: as asked for
};

/// Judges an answer of the token endpoint by `token_answer_rows`. `now` is the time the request was
/// sent, so that lifetimes err on the short side. Without `expires_in` an access token counts as
/// good for an hour. The failure's `debug` and `retry_after` are the caller's to fill.
tl::expected<Tokens, Failure> read_token_answer(int status, std::string_view body, Instant now);

/// The rows for answers without tokens.
std::span<const AnswerRow> token_answer_rows();

/// Whether an answer of the revocation endpoint says that the token is ended, or was before (RFC
/// 7009 2.2: 200, also for a token it does not know; some answer 400 for one they have ended).
/// An answer about ourselves (`invalid_client` and the like) or of trouble says nothing of the
/// token.
bool says_revoked(int status, std::string_view body);

}  // namespace rekey::oauth
