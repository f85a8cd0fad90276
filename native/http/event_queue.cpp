#include "native/http/event_queue.hpp"

namespace rekey::http {
namespace {

class QueueSink final : public EventSink {
 public:
  explicit QueueSink(std::shared_ptr<EventQueue> queue) : queue_(std::move(queue)) {}
  ~QueueSink() override { queue_->finish(); }
  QueueSink(const QueueSink&) = delete;
  QueueSink& operator=(const QueueSink&) = delete;
  bool send(std::string block) override { return queue_->push(std::move(block)); }

 private:
  std::shared_ptr<EventQueue> queue_;
};

}  // namespace

bool EventQueue::push(std::string block) {
  const std::lock_guard lock(mutex_);
  if (ended_) return false;
  if (waiting_.size() + block.size() > limit) {
    ended_ = overflowed_ = true;
    waiting_ = {};
    woken_ = false;  // the one woken before is held up writing; this is news
    wake_once();
    return false;
  }
  waiting_ += block;
  wake_once();
  return true;
}

std::string EventQueue::take() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  return std::exchange(waiting_, {});
}

void EventQueue::finish() {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  ended_ = true;
  woken_ = false;
  wake_once();
}

void EventQueue::close() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  waiting_ = {};
  wake_ = nullptr;
}

bool EventQueue::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool EventQueue::overflowed() const {
  const std::lock_guard lock(mutex_);
  return overflowed_;
}

// Under the lock, so that `close` is a promise: once it returned, no thread is in `wake`.
void EventQueue::wake_once() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

std::shared_ptr<EventSink> make_sink(std::shared_ptr<EventQueue> queue) {
  return std::make_shared<QueueSink>(std::move(queue));
}

}  // namespace rekey::http
