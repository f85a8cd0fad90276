// Awaits the answer of another server.
#pragma once

#include "native/async/task.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

/// Sends one request and gives the whole answer, without holding a thread meanwhile. The client
/// must outlive it.
async::Task<Answer> ask(Client& client, ClientRequest request);

}  // namespace rekey::http
