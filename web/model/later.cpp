#include "web/model/later.hpp"

#include <list>
#include <utility>

#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

using Call = std::function<void()>;

/// What waits for its time; kept here, because a browser that is left never calls back.
std::list<Call>& waiting() {
  static std::list<Call> calls;
  return calls;
}

void run(void* context) {
  auto& calls = waiting();
  for (auto call = calls.begin(); call != calls.end(); ++call) {
    if (&*call != context) continue;
    const Call mine = std::move(*call);
    calls.erase(call);
    return mine();
  }
}

}  // namespace

void later(int milliseconds, std::function<void()> call) {
  platform::after(milliseconds, run, &waiting().emplace_back(std::move(call)));
}

}  // namespace rekey::web
