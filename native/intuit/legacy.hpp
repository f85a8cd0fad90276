// What is still done with an OAuth 1.0a connection: ending it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/oauth/meaning.hpp"
#include "core/oauth/oauth1.hpp"
#include "core/oauth/provider.hpp"
#include "core/time.hpp"
#include "native/async/task.hpp"
#include "native/http/http.hpp"

namespace rekey::intuit {

/// Ends an OAuth 1.0a connection at the provider, with a request signed by its credential. Do
/// not depend on the answer: Intuit ended these connections in 2019, and the address may be a help
/// page by now. False: not reached; worth another try. The
/// client must outlive it, and so must the rest, by awaiting it at once.
async::Task<bool> disconnect_legacy(const oauth::Provider& provider, http::Client& client,
                                    const oauth::Credential& credential, Instant now);

/// The rows by which its answer is judged: `grant_ended` is the yes.
std::span<const oauth::AnswerRow> legacy_answer_rows();

}  // namespace rekey::intuit
