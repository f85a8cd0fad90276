#include "native/http/ask.hpp"

#include <atomic>

namespace rekey::http {
namespace {

struct Asking {
  Client& client;
  ClientRequest request;
  std::optional<Answer> answer;
  std::coroutine_handle<> waiting;
  std::atomic<bool> one_was_here = false;  // of the two: who waits, and the answer

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    waiting = handle;
    client.send_later(std::move(request), [this](Answer given) {
      answer.emplace(std::move(given));
      if (one_was_here.exchange(true)) waiting.resume();
    });
    // With the answer there already, there is nothing to wait for. After this, without, we may be
    // gone.
    return !one_was_here.exchange(true);
  }
  void await_resume() const noexcept {}
};

}  // namespace

async::Task<Answer> ask(Client& client, ClientRequest request) {
  Asking asking{client, std::move(request), {}, {}};
  co_await asking;
  co_return std::move(*asking.answer);
}

}  // namespace rekey::http
