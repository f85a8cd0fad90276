// Writes that may be sent twice: after draft-ietf-httpapi-idempotency-key-header.
#include <thread>

#include "native/http/later.hpp"
#include "native/http/spool.hpp"
#include "native/log.hpp"
#include "native/server/member.hpp"
#include "native/server/problem.hpp"
#include "native/store/idempotency.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

constexpr Millis answer_life = std::chrono::hours{24};
/// Longer than any write takes: the process that began it is gone.
constexpr Millis lost_after = std::chrono::minutes{5};
constexpr std::size_t longest_key = 255;

http::Response replayed(const store::EarlierWrite& earlier, const std::string& asked) {
  if (earlier.request != asked)
    return problem({Code::idempotency_reused, words::say("idempotency_reused"), {}});
  if (!earlier.status) {
    auto response = problem({Code::write_under_way, words::say("write_under_way"), {}},
                            {{"action", "wait"}, {"retry_after_s", 1}});
    response.headers.add("Retry-After", "1");
    return response;
  }
  http::Response response;
  response.status = *earlier.status;
  response.headers = {{"Content-Type", earlier.content_type},
                      {"Cache-Control", "no-store"},
                      {"Idempotency-Replayed", "true"}};
  response.body = earlier.body;
  return response;
}

/// What is asked, as one text of a fixed length; of a body that is in a file, piece by piece.
std::string digest_of(const http::Request& request) {
  const auto head = request.method + "\n" + request.path + "\n" + request.query + "\n";
  if (!request.spool) return vault::sha256_hex(head + request.body);
  auto digest = vault::sha256_hex(head);
  const auto next = http::body_pieces(request);
  for (auto piece = next(); !piece.empty(); piece = next())
    digest = vault::sha256_hex(digest + piece);
  return digest;
}

/// What is noted about a write that has been carried out, or not, must not be what it fails of. If
/// it cannot be noted, the same key is answered "being carried out" until `lost_after`.
template <class Note>
void note(Service& service, Note&& what) {
  constexpr Millis patience = std::chrono::seconds{3}, pause = std::chrono::milliseconds{100};
  const auto give_up = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      what(*service.driver.databases().borrow());
      return;
    } catch (const store::DatabaseError& error) {
      if (std::chrono::steady_clock::now() >= give_up) {
        log::error("idempotency.not_noted", {{"what", error.what()}});
        return;
      }
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

http::Response once(Service& service, const std::string& caller, const http::Request& request,
                    const std::function<http::Response()>& carry_out) {
  const auto key = request.headers.get("Idempotency-Key");
  if (!key || request.method == "GET" || request.method == "DELETE") return carry_out();
  if (key->empty() || key->size() > longest_key)
    return problem({Code::bad_input, words::say("bad_input.idempotency_key"), {}});
  // Only digests are kept: the body may hold tokens.
  const auto id = vault::sha256_hex(*key);
  const auto asked = digest_of(request);
  auto& databases = service.driver.databases();
  const auto now = service.driver.now();
  {
    auto db = databases.borrow();
    if (const auto earlier =
            store::begin_write(*db, caller, id, asked, now, now - answer_life, now - lost_after))
      return replayed(*earlier, asked);
  }
  // (It may be carried out when the request is gone.)
  return http::finish_with(carry_out, [&service, caller, id](const http::Later::Get& get) {
    http::Response response;
    try {
      response = get();
    } catch (...) {
      note(service, [&](store::Database& db) { store::forget_write(db, caller, id); });
      throw;
    }
    const bool passing = response.status >= 500 || response.status == 429 || response.status == 409;
    note(service, [&](store::Database& db) {
      if (passing || response.secret || response.more)
        store::forget_write(db, caller, id);
      else
        store::end_write(db, caller, id, response.status,
                         response.headers.get("Content-Type").value_or(""), response.body);
    });
    return response;
  });
}

}  // namespace rekey::server
