#include "native/http/later.hpp"

namespace rekey::http {

void Later::add(Finish finish) {
  const std::lock_guard lock(mutex_);
  finishes_.push_back(std::move(finish));
}

void Later::deliver(std::function<void(const Get&)> done) {
  {
    const std::lock_guard lock(mutex_);
    done_ = std::move(done);
    if (!over_) return;
  }
  give();
}

void Later::end(std::optional<Response> response, std::exception_ptr thrown) {
  {
    const std::lock_guard lock(mutex_);
    if (over_) return;
    over_ = true;
    response_ = std::move(response);
    thrown_ = std::move(thrown);
    if (!done_) return;
  }
  give();
}

// The second of `end` and `deliver` comes here, so there is only one.
void Later::give() {
  Get get = [this] {
    if (thrown_) std::rethrow_exception(thrown_);
    return std::move(*response_);
  };
  for (auto& finish : finishes_)
    get = [finish = std::move(finish), inner = std::move(get)] { return finish(inner); };
  const auto done = std::move(done_);
  done(get);
}

std::optional<Response> Later::take() {
  const std::lock_guard lock(mutex_);
  if (!over_) return {};
  if (thrown_) std::rethrow_exception(thrown_);
  return std::move(response_);
}

Response finish_with(const Later::Get& make, const Later::Finish& finish) {
  Response response;
  std::exception_ptr thrown;
  try {
    response = make();
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) return finish([&]() -> Response { std::rethrow_exception(thrown); });
  if (!response.later) return finish([&] { return std::move(response); });
  response.later->add(finish);
  return response;
}

namespace {

async::Task<void> complete(std::shared_ptr<Later> later, async::Task<Response> task) {
  try {
    Response response = co_await task;
    later->complete(std::move(response));
  } catch (...) {
    later->fail(std::current_exception());
  }
}

}  // namespace

Response respond_with(async::Pool& pool, async::Task<Response> task) {
  const auto later = std::make_shared<Later>();
  pool.start(complete(later, std::move(task)));
  if (auto response = later->take()) return std::move(*response);
  Response response;
  response.later = later;
  return response;
}

}  // namespace rekey::http
