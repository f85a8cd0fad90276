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

/// What an answer of the revocation endpoint says, by `revocation_answer_rows`: `grant_ended` when
/// the token is ended, or was before. An answer about ourselves (`invalid_client` and the like), of
/// trouble, or of something in between says nothing of the token.
Meaning read_revocation_answer(int status, std::string_view body);

/// The rows for answers of the revocation endpoint.
std::span<const AnswerRow> revocation_answer_rows();

}  // namespace rekey::oauth
