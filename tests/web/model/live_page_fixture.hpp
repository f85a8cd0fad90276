// The page with a backend that answers when the test says so.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <deque>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/live_page.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

/// A backend that keeps every question until the test answers it.
class Scripted final : public Backend {
 public:
  void use(const std::string& connection) override { used.push_back(connection); }
  void sign_in(const wire::SignIn& sign_in, Then<wire::SignedIn> then) override {
    links.push_back(sign_in);
    sign_ins.push_back(std::move(then));
  }
  void sessions(Then<wire::Sessions> then) override { lists.push_back(std::move(then)); }
  void sign_out(Then<Nothing> then) override { sign_outs.push_back(std::move(then)); }
  void page(Then<wire::Page> then) override { pages.push_back(std::move(then)); }
  void command(const wire::Command& command, Then<wire::Outcome> then) override {
    commands.push_back(command);
    outcomes.push_back(std::move(then));
  }
  void callback(const wire::Callback& callback, Then<wire::Outcome> then) override {
    callbacks.push_back(callback);
    outcomes.push_back(std::move(then));
  }
  void configuration(Then<wire::ConfigurationPage> then) override {
    configurations.push_back(std::move(then));
  }
  void keep(const wire::Choices& choices, Then<wire::Outcome> then) override {
    kept.push_back(choices);
    outcomes.push_back(std::move(then));
  }
  void save(const wire::Choices& choices, Then<wire::Outcome> then) override {
    saved.push_back(choices);
    outcomes.push_back(std::move(then));
  }
  void watch(std::int64_t, Watcher with) override { watcher = std::move(with); }
  void unwatch() override { watcher = {}; }

  template <class T>
  static void answer(std::deque<Then<T>>& queue, Reply<T> reply) {
    REQUIRE_FALSE(queue.empty());
    auto then = std::move(queue.front());
    queue.pop_front();
    then(std::move(reply));
  }

  std::vector<wire::SignIn> links;
  std::vector<std::string> used;  ///< connections, in the order in which they were named
  std::vector<wire::Command> commands;
  std::vector<wire::Callback> callbacks;
  std::vector<wire::Choices> kept, saved;
  std::deque<Then<wire::SignedIn>> sign_ins;
  std::deque<Then<wire::Sessions>> lists;
  std::deque<Then<Nothing>> sign_outs;
  std::deque<Then<wire::Page>> pages;
  std::deque<Then<wire::Outcome>> outcomes;
  std::deque<Then<wire::ConfigurationPage>> configurations;
  Watcher watcher;
};

inline const connect::Company pinmoor{"1", "Pinmoor"};

inline wire::Page page_of(connect::Phase phase) {
  wire::Page out;
  out.host = "Ledgerline";
  out.company_hint = "callback";
  out.now = from_ms(fake::browser().now_ms);
  out.seq = 10;
  out.connection = "con_1";
  out.tenant = "Pinmoor Garden";
  out.state.connect.phase = std::move(phase);
  return out;
}

inline connect::Legacy legacy() {
  return {pinmoor, Instant{}, {}};
}

inline wire::Page configurable_page() {
  auto out = page_of(connect::Linked{pinmoor, 1, Instant{}, Instant{}, {}, {}});
  out.state.import = {imports::Done{Instant{}, true, {}}, 1};
  return out;
}

inline wire::ConfigurationPage configuration() {
  wire::ConfigurationPage out;
  out.company = pinmoor;
  out.ours.accounts = {{"a", "Sales", "", true}, {"b", "Bank", "", true}};
  out.theirs.accounts = {{"1", "Income", "", true}};
  return out;
}

struct Fixture {
  Fixture() { fake::reset(); }
  explicit Fixture(wire::Page page) : Fixture() { open(std::move(page)); }
  /// Opened by a tab that shows this connection already.
  void open(wire::Page page) {
    fake::browser().storage["rekey.connection"] = "con_1";
    live.session.start();
    at = page;
    Scripted::answer(backend.pages, {std::move(page), {}});
  }
  /// A sign-in was begun in this tab, on the page of that connection.
  void began(std::string state, std::string connection = "con_1") {
    Attempts attempts;
    attempts.put({std::move(state), Instant{}, false, false, std::move(connection)});
    fake::browser().storage["rekey.attempts"] = attempts.write();
  }
  void open_configuration() {
    open(configurable_page());
    Scripted::answer(backend.configurations, {configuration(), {}});
  }
  /// The answer to a command: the next step.
  void outcome(State state, std::optional<std::string> redirect = {}) {
    at.seq += 1;
    at.state = state;
    wire::Outcome out;
    out.seq = at.seq;
    out.state = state;
    out.redirect = redirect;
    if (redirect) out.attempt_state = "mine";
    Scripted::answer(backend.outcomes, {out, {}});
  }
  void refuse(std::string refusal) {
    Trouble trouble{Trouble::Kind::refused, {}};
    trouble.problem.status = 409;
    trouble.problem.code = "not_possible";
    trouble.problem.message = "refused." + refusal;
    trouble.problem.refusal = std::move(refusal);
    Scripted::answer(backend.outcomes, {{}, trouble});
  }
  /// A problem as the backend's answer: to a command, or to what `queue` holds.
  template <class T>
  void problem(std::deque<Then<T>>& queue, int status, std::string code, wire::WayOn way = {}) {
    Trouble trouble{Trouble::Kind::refused, {}, std::move(way)};
    if (status == 401 || code == wire::code_other_page) trouble.kind = Trouble::Kind::session_ended;
    trouble.problem.status = status;
    trouble.problem.code = std::move(code);
    Scripted::answer(queue, {{}, trouble});
  }
  void stepped(State state) {
    at.seq += 1;
    at.state = state;
    backend.watcher.stepped({at.seq, {}, state, {}, {}});
  }
  State saved_as(save::Phase phase, std::int64_t revision) {
    auto state = at.state;
    state.save = {std::move(phase), revision};
    return state;
  }

  Scripted* own = new Scripted;
  Scripted& backend = *own;
  LivePage live{std::unique_ptr<Backend>(own)};
  wire::Page at;
};

}  // namespace rekey::web
