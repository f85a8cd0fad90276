// How the client works: `send` is curl's easy interface in the caller's thread. `send_later` hands
// the request to one thread, the loop, which waits for all of them together (curl's multi
// interface): a thousand requests that wait cost a thousand sockets, and no thread.
#include "native/http/client.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "native/http/transfer.hpp"

namespace rekey::http {
namespace {

struct MultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using Done = std::function<void(Answer)>;

// A request in the loop.
struct Call {
  Call(ClientRequest request, const ClientOptions& options, Done when_done)
      : can_wait(request.urgency == Urgency::can_wait),
        transfer(std::move(request), options),
        done(std::move(when_done)) {}
  const bool can_wait;
  Transfer transfer;
  Done done;
  Easy easy{curl_easy_init()};
};

constexpr const char* no_memory = "There is no memory for a request.";

// Sockets beyond these wait for their turn: the rest of the file descriptors is for those who call
// us, and for the database.
long most_connections_out() {
  constexpr rlim_t enough = 4096;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return static_cast<long>(enough);
  return static_cast<long>(std::clamp<rlim_t>(limit.rlim_cur / 8, 16, enough));
}

class CurlClient final : public Client {
 public:
  CurlClient(ClientOptions options, std::shared_ptr<async::Pool> pool)
      : options_(std::move(options)), pool_(std::move(pool)) {}
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Answer send(const ClientRequest& request) override;
  void send_later(ClientRequest request, Done done) override;

 private:
  Easy borrow();
  void give_back(Easy handle);
  void loop();
  bool take_new();
  void begin(std::unique_ptr<Call> call);
  void begin_or_queue(std::unique_ptr<Call> call);
  void begin_queued();
  void give_up_all();
  void collect();
  void finish(std::unique_ptr<Call> call, Answer answer);

  const ClientOptions options_;
  const std::shared_ptr<async::Pool> pool_;  // where answers are given; none: in the loop's thread
  std::mutex mutex_;
  std::vector<Easy> idle_;  // of `send`, each with the connections it keeps alive
  std::vector<std::unique_ptr<Call>> new_;
  bool stop_ = false;
  Multi multi_;            // made with the thread, and before it
  long most_patient_ = 0;  // connections for those that can wait; set with it
  std::thread thread_;
  // Of the loop's thread alone:
  std::map<CURL*, std::unique_ptr<Call>> calls_;
  std::deque<std::unique_ptr<Call>> queued_;  // that can wait, and do
  long patient_ = 0;                          // those of `calls_` that can wait
};

CurlClient::~CurlClient() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    if (multi_) curl_multi_wakeup(multi_.get());
  }
  if (thread_.joinable()) thread_.join();
}

Easy CurlClient::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Easy(curl_easy_init());
  Easy handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void CurlClient::give_back(Easy handle) {
  curl_easy_reset(handle.get());  // keeps connections, forgets the request and its secrets
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
}

Answer CurlClient::send(const ClientRequest& request) {
  Transfer transfer(request, options_);
  if (auto objection = transfer.objection()) return tl::unexpected(std::move(*objection));
  Easy handle = borrow();
  if (!handle) return tl::unexpected(TransportError{no_memory, false});
  transfer.prepare(handle.get());
  const CURLcode code = curl_easy_perform(handle.get());
  auto answer = transfer.outcome(handle.get(), code);
  give_back(std::move(handle));
  return answer;
}

void CurlClient::send_later(ClientRequest request, Done done) {
  auto call = std::make_unique<Call>(std::move(request), options_, std::move(done));
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {  // also where the system gave us none before
    multi_.reset(curl_multi_init());
    const auto most = most_connections_out();
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
    most_patient_ = most / 2;
    thread_ = std::thread([this] { loop(); });
  }
  new_.push_back(std::move(call));
  curl_multi_wakeup(multi_.get());
}

void CurlClient::loop() {
  constexpr int longest_wait_ms = 60'000;  // anything that happens earlier ends it
  while (take_new()) {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect();
    curl_multi_poll(multi_.get(), nullptr, 0, longest_wait_ms, nullptr);
  }
  give_up_all();
}

void CurlClient::give_up_all() {
  for (auto& [handle, call] : calls_) {
    auto answer = call->transfer.given_up(handle);
    curl_multi_remove_handle(multi_.get(), handle);
    finish(std::move(call), std::move(answer));
  }
  calls_.clear();
  for (auto& call : queued_) {
    auto answer = call->transfer.given_up(call->easy.get());
    finish(std::move(call), std::move(answer));
  }
  queued_.clear();
}

// False: the client ends.
bool CurlClient::take_new() {
  std::vector<std::unique_ptr<Call>> calls;
  bool stop = false;
  {
    const std::lock_guard lock(mutex_);
    calls.swap(new_);
    stop = stop_;
  }
  for (auto& each : calls) begin_or_queue(std::move(each));
  return !stop;
}

// curl would send them in the order in which they came, so that one thousand pages of imports would
// be before the renewal of a token.
void CurlClient::begin_or_queue(std::unique_ptr<Call> call) {
  if (call->can_wait && patient_ >= most_patient_) return queued_.push_back(std::move(call));
  begin(std::move(call));
}

void CurlClient::begin_queued() {
  while (!queued_.empty() && patient_ < most_patient_) {
    auto call = std::move(queued_.front());
    queued_.pop_front();
    begin(std::move(call));
  }
}

void CurlClient::begin(std::unique_ptr<Call> call) {
  CURL* handle = call->easy.get();
  auto objection = call->transfer.objection();
  if (handle == nullptr && !objection) objection = TransportError{no_memory, false};
  if (objection) return finish(std::move(call), tl::unexpected(std::move(*objection)));
  call->transfer.prepare(handle);
  curl_multi_add_handle(multi_.get(), handle);
  if (call->can_wait) ++patient_;
  calls_[handle] = std::move(call);
}

void CurlClient::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;
    auto call = std::move(calls_.extract(handle).mapped());
    auto answer = call->transfer.outcome(handle, code);
    curl_multi_remove_handle(multi_.get(), handle);
    if (call->can_wait) --patient_;
    finish(std::move(call), std::move(answer));
  }
  begin_queued();
}

void CurlClient::finish(std::unique_ptr<Call> call, Answer answer) {
  if (!pool_) return call->done(std::move(answer));
  pool_->post([done = std::move(call->done), kept = std::make_shared<Answer>(std::move(answer))] {
    done(std::move(*kept));
  });
}

}  // namespace

// Paths and queries may hold what is secret.
std::string host_of(const std::string& url) {
  std::string host = "the server";
  CURLU* parts = curl_url();
  char* text = nullptr;
  if (curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &text, 0) == CURLUE_OK)
    host = text;
  curl_free(text);
  curl_url_cleanup(parts);
  return host;
}

std::unique_ptr<Client> make_client(ClientOptions options, std::shared_ptr<async::Pool> pool) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  static_cast<void>(ready);
  return std::make_unique<CurlClient>(std::move(options), std::move(pool));
}

}  // namespace rekey::http
