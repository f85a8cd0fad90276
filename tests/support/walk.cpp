#include "tests/support/walk.hpp"

namespace rekey::test {

Effects Walk::go(const Event& event) {
  const Step taken = take(event);
  INFO("state " << line(state) << " event " << line(event));
  REQUIRE(!taken.refused.has_value());
  state = taken.next;
  return taken.effects;
}

Refusal Walk::refused(const Event& event) {
  const Step taken = take(event);
  INFO("state " << line(state) << " event " << line(event));
  REQUIRE(taken.refused.has_value());
  REQUIRE(taken.next == state);
  REQUIRE(taken.effects.empty());
  return *taken.refused;
}

Effects Walk::wait_until_due() {
  const auto when = due(state);
  REQUIRE(when.has_value());
  now = *when;
  return go(TimeReached{});
}

std::string Walk::press_connect() {
  const auto attempt = "attempt-" + std::to_string(++attempts_);
  CHECK(go(connect::ConnectPressed{attempt, now + std::chrono::minutes{10}}) ==
        Effects{Redirect{attempt}});
  return attempt;
}

connect::Lifetimes Walk::lifetimes() const {
  return {now + std::chrono::hours{1}, now + std::chrono::hours{24 * 101},
          now + std::chrono::hours{24 * 365 * 5}};
}

std::int64_t Walk::sign_in() {
  const auto attempt = press_connect();
  const auto version = connect::next_version(state.connect);
  CHECK(go(connect::CallbackArrived{attempt}) == Effects{ExchangeCode{attempt, version}});
  CHECK(go(connect::GrantReceived{version, lifetimes()}) == Effects{ProveCompany{version}});
  return version;
}

std::int64_t Walk::link(const connect::Company& company) {
  const auto version = sign_in();
  go(connect::CompanyProved{version, company});
  is<connect::Linked>();
  return version;
}

void Walk::import_all() {
  for (const auto each : imports::current_plan())
    go(imports::PageImported{state.import.run, each, 10, 10, true});
  is<imports::Done>();
}

Step Walk::take(const Event& event) {
  history += history_line(++taken_, {now, event});
  return step(state, event, now);
}

void Walk::must_stand(bool is_so) const {
  INFO("state " << line(state));
  REQUIRE(is_so);
}

}  // namespace rekey::test
