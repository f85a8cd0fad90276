// A response that is given later.
#pragma once

#include <exception>
#include <mutex>
#include <vector>

#include "native/async/pool.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

/// A response that a handler owes: its holder completes it, from any thread; meanwhile the
/// connection waits without a thread. Those who handle a response on its way out (headers, logs,
/// what is noted about it) say so with `add`, before the server gets it.
class Later {
 public:
  /// Gives the response, or throws what there was instead.
  using Get = std::function<Response()>;
  using Finish = std::function<Response(const Get&)>;

  /// The first of these counts.
  void complete(Response response) { end(std::move(response), {}); }
  void fail(std::exception_ptr thrown) { end({}, thrown); }

  /// Has something done with the response when it is there; the last one added comes last. It may
  /// run in another thread, when the request is gone.
  void add(Finish finish);

  /// Calls `done` when the response is there: now, or in the thread that completes it. Once. What
  /// was added runs inside of the `Get` that it is given.
  void deliver(std::function<void(const Get&)> done);

  /// The response, if it is there already and was not asked for yet; throws like `Get`.
  std::optional<Response> take();

 private:
  void end(std::optional<Response> response, std::exception_ptr thrown);
  void give();

  std::mutex mutex_;
  bool over_ = false;
  std::optional<Response> response_;
  std::exception_ptr thrown_;
  std::vector<Finish> finishes_;
  std::function<void(const Get&)> done_;
};

/// Makes a response and gives it to `finish`: at once, or, when `make` gives
/// one that comes later, then. What `make` throws, its `Get` throws.
Response finish_with(const Later::Get& make, const Later::Finish& finish);

/// The response of a task: at once when the task need not wait, else later. The task may outlive
/// the request, and must have of it what it needs.
Response respond_with(async::Pool& pool, async::Task<Response> task);

}  // namespace rekey::http
