#include "core/editing/step.hpp"

#include <catch2/generators/catch_generators.hpp>

#include "tests/support/approve.hpp"
#include "tests/support/print.hpp"

// The editing machine: drafts, saves, conflicts and leaving with changes, step by outcome.
// editing_walk_test.cpp takes every step there is.

namespace rekey::test::editing_test {

namespace {

using namespace editing;
// The connection has these, too.
using editing::Event;
using editing::State;
using editing::step;
using editing::Step;

/// A tab that shows a configuration, and a connection that takes changes.
struct Tab {
  State state;
  Facts facts{true, true, 1, 7};

  Tab() {
    go(Stepped{});
    go(Fetched{state.asked, 7, 0, false});
  }
  /// Takes a step that must be possible, and gives its actions; requests with the next number, as
  /// all of them must be, are given without it.
  Actions go(const Event& event) {
    auto taken = step(state, event, facts);
    INFO("state " << line(state) << " event " << line(event));
    REQUIRE(!taken.refused.has_value());
    state = taken.next;
    for (auto& action : taken.actions)
      std::visit(
          [&](auto& each) {
            if constexpr (requires { each.asked; })
              if (each.asked == state.asked) each.asked = 0;
          },
          action);
    return taken.actions;
  }
  Refusal refused(const Event& event) {
    const auto taken = step(state, event, facts);
    INFO("state " << line(state) << " event " << line(event));
    REQUIRE(taken.refused.has_value());
    REQUIRE(taken.next == state);
    REQUIRE(taken.actions.empty());
    return *taken.refused;
  }
  void change() { go(Changed{state.made + 1}); }
  /// A change that is on its way as a draft.
  void change_and_wait() {
    change();
    CHECK(go(Waited{state.asked}) == Actions{Keep{}});
  }
  Actions keep_fails(NotTaken why) { return go(KeepFailed{state.asked, why}); }
  template <class P>
  bool is() const {
    return std::holds_alternative<P>(state.phase);
  }
};

}  // namespace

TEST_CASE("editing: the configuration is read when there is one, and shown") {
  State state;
  CHECK(step(state, Stepped{}, {false, false, 0, 0}).next.phase == Phase{Idle{}});
  const auto first = step(state, Stepped{}, {true, true, 1, 7});
  CHECK(first.next.phase == Phase{Fetching{1, false}});
  CHECK(first.actions == Actions{Fetch{1}});
  const auto shown = step(first.next, Fetched{1, 7, 0, false}, {true, true, 1, 7});
  CHECK(shown.actions == Actions{Show{}});
  CHECK(shown.next.shown == Shown{1, 7});
}

TEST_CASE("editing: changes wait a moment for more, and go as one draft") {
  Tab tab;
  CHECK(tab.go(Changed{1}) == Actions{Remember{}, Wait{0, collect_ms}});
  CHECK(tab.go(Changed{2}) == Actions{Remember{}});
  CHECK(tab.go(Waited{2}) == Actions{Keep{}});
  CHECK(tab.state.phase == Phase{Keeping{2, false}});
  CHECK(tab.go(Kept{3, 8}) == Actions{Confirm{2}});
  CHECK(tab.state.phase == Phase{Idle{}});
  CHECK(tab.state.shown == Shown{1, 8});
  CHECK_FALSE(has_unsent(tab.state));
}

TEST_CASE("editing: a change made while a draft is on its way goes with the next") {
  Tab tab;
  tab.change_and_wait();
  CHECK(tab.go(Changed{2}) == Actions{Remember{}});
  CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, Wait{0, collect_ms}});
  CHECK(has_unsent(tab.state));
}

TEST_CASE("editing: a change has a new number, and something that it changes") {
  Tab tab;
  tab.go(Changed{3});
  CHECK(tab.refused(Changed{3}) == Refusal::out_of_order);
  CHECK(step(State{}, Changed{1}, tab.facts).refused == Refusal::out_of_order);
}

TEST_CASE("editing: a draft that is not taken") {
  Tab tab;
  tab.change_and_wait();
  SECTION("changed elsewhere: the newest is read, and the change goes again on top of it") {
    CHECK(tab.keep_fails(NotTaken::changed_elsewhere) ==
          Actions{Tell{News::changed_elsewhere}, Fetch{}});
    CHECK(tab.go(Fetched{tab.state.asked, 9, 0, false}) == Actions{Show{}, Wait{0, collect_ms}});
    CHECK(tab.go(Waited{tab.state.asked}) == Actions{Keep{}});
    CHECK(tab.state.shown->revision == 9);
  }
  SECTION("refused: told, and not sent again before there is another change") {
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{Tell{News::not_kept}});
    CHECK(tab.go(Stepped{}).empty());
    CHECK(tab.is<Idle>());
    tab.change_and_wait();
  }
  SECTION("refused, with a newer change: that one is tried by itself") {
    tab.go(Changed{2});
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{Tell{News::not_kept}, Wait{0, collect_ms}});
  }
  SECTION("without an answer: nothing is said; what the backend has is read, and it goes again") {
    CHECK(tab.keep_fails(NotTaken::unknown) == Actions{Wait{0, editing::retry_ms}});
    CHECK(tab.go(Changed{2}) == Actions{Remember{}});
    CHECK(tab.go(Waited{tab.state.asked}) == Actions{Fetch{}});
    tab.go(Fetched{tab.state.asked, 8, 0, false});
    tab.go(Waited{tab.state.asked});
    CHECK(tab.state.phase == Phase{Keeping{2, false}});
  }
  SECTION("without an answer, though it had arrived: its own step is not called another's") {
    tab.keep_fails(NotTaken::unknown);
    tab.facts.revision = 8;
    CHECK(tab.go(Stepped{}) == Actions{Fetch{}});
  }
}

TEST_CASE("editing: an answer to something else than what is under way changes nothing") {
  Tab tab;
  tab.change_and_wait();
  const auto asked = tab.state.asked;
  CHECK(tab.refused(Kept{asked - 1, 8}) == Refusal::stale_answer);
  CHECK(tab.refused(Saved{asked, 8}) == Refusal::stale_answer);
  CHECK(tab.refused(Waited{asked}) == Refusal::stale_answer);
  tab.go(Left{});
  CHECK(tab.refused(Kept{asked, 8}) == Refusal::stale_answer);
  CHECK(start_over(tab.state).asked == asked);
}

TEST_CASE("editing: Save waits for the draft on its way, and comes after it") {
  Tab tab;
  tab.change_and_wait();
  CHECK(tab.go(SavePressed{}).empty());
  CHECK(is_saving(tab.state));
  CHECK(tab.refused(SavePressed{}) == Refusal::save_under_way);
  CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, Save{}});
  CHECK(tab.state.shown->revision == 8);
  CHECK(tab.refused(SavePressed{}) == Refusal::save_under_way);
  CHECK(tab.go(Saved{tab.state.asked, 9}) == Actions{Confirm{1}, ShowSaved{}});
  CHECK(tab.state.saved_here);
  tab.change();
  CHECK_FALSE(tab.state.saved_here);
}

TEST_CASE("editing: Save sends changes that waited first, and the wait is over") {
  Tab tab;
  tab.change();
  const auto waits = tab.state.asked;
  CHECK(tab.go(SavePressed{}) == Actions{Keep{}});
  CHECK(is_saving(tab.state));
  CHECK(tab.refused(Waited{waits}) == Refusal::stale_answer);
  SECTION("and then saves") {
    CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, Save{}});
    tab.go(Saved{tab.state.asked, 9});
    CHECK_FALSE(has_unsent(tab.state));
  }
  SECTION("what was changed meanwhile goes before the save too") {
    tab.change();
    CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, Keep{}});
    CHECK(tab.go(Kept{tab.state.asked, 9}) == Actions{Confirm{2}, Save{}});
  }
  SECTION("what cannot be kept is not saved without it") {
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{Tell{News::not_saved}});
    CHECK_FALSE(is_saving(tab.state));
  }
}

TEST_CASE("editing: changes that take several requests go one after the other") {
  Tab tab;
  tab.change();
  tab.change();
  tab.change_and_wait();
  CHECK(tab.go(Kept{tab.state.asked, 8, 1}) == Actions{Confirm{1}, Keep{}});
  CHECK(tab.state.phase == Phase{Keeping{3, false}});
  CHECK(tab.state.shown->revision == 8);
  SECTION("all of them are kept") {
    CHECK(tab.go(Kept{tab.state.asked, 9, 3}) == Actions{Confirm{3}});
    CHECK(tab.is<Idle>());
  }
  SECTION("one in the middle is refused: those before it are kept, and not called another's") {
    tab.facts.revision = 8;
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{Tell{News::not_kept}});
    CHECK(tab.state.kept == 1);
    CHECK(tab.is<Idle>());
  }
  SECTION("a number that says nothing new stands for all") {
    CHECK(tab.go(Kept{tab.state.asked, 9, 1}) == Actions{Confirm{3}});
  }
}

TEST_CASE("editing: a save that is not taken is told beside the button, and nothing is lost") {
  Tab tab;
  tab.change();
  tab.go(SavePressed{});
  tab.go(Kept{tab.state.asked, 8});
  tab.change();
  SECTION("changed elsewhere: the person looks again before anything is saved") {
    CHECK(tab.go(SaveFailed{tab.state.asked, NotTaken::changed_elsewhere}) ==
          Actions{Tell{News::changed_while_saving}, Fetch{}});
    tab.go(Fetched{tab.state.asked, 9, 0, false});
    CHECK_FALSE(is_saving(tab.state));
  }
  SECTION("refused, or without an answer: what was changed meanwhile is kept by itself") {
    const auto why = GENERATE(NotTaken::refused, NotTaken::unknown);
    CHECK(tab.go(SaveFailed{tab.state.asked, why}) ==
          Actions{Tell{News::not_saved}, Wait{0, collect_ms}});
    CHECK(tab.go(SavePressed{}) == Actions{Keep{}});
  }
  CHECK(has_unsent(tab.state));
}

TEST_CASE("editing: Save while the configuration is read saves only what the person has seen") {
  Tab tab;
  CHECK(step(State{}, SavePressed{}, tab.facts).refused == Refusal::import_first);
  tab.go(TryAgainPressed{});
  CHECK(tab.go(SavePressed{}).empty());
  CHECK(is_saving(tab.state));
  SECTION("nothing newer: saved") {
    CHECK(tab.go(Fetched{tab.state.asked, 7, 0, false}) == Actions{Show{}, Save{}});
  }
  SECTION("newer: told") {
    CHECK(tab.go(Fetched{tab.state.asked, 8, 0, false}) ==
          Actions{Show{}, Tell{News::changed_while_saving}});
    CHECK_FALSE(is_saving(tab.state));
  }
  SECTION("not read: told") {
    CHECK(tab.go(FetchFailed{tab.state.asked}) ==
          Actions{Tell{News::not_read}, Tell{News::not_saved}});
  }
}

TEST_CASE(
    "editing: what another tab changed is read by itself, and said where it concerns changes") {
  Tab tab;
  tab.facts.revision = 8;
  SECTION("nothing was changed here") {
    CHECK(tab.go(Stepped{}) == Actions{Fetch{}});
  }
  SECTION("something was: both are kept") {
    tab.change();
    CHECK(tab.go(Stepped{}) == Actions{Tell{News::changed_elsewhere}, Fetch{}});
    CHECK(has_unsent(tab.state));
  }
  SECTION("after another import, the records are read anew") {
    tab.facts = {true, true, 2, 7};
    CHECK(tab.go(Stepped{}) == Actions{Fetch{}});
    CHECK(tab.state.phase == Phase{Fetching{2, false}});
  }
}

TEST_CASE("editing: while the connection takes no changes they wait, and then go by themselves") {
  Tab tab;
  tab.change();
  tab.facts.editable = false;
  tab.go(Waited{tab.state.asked});
  CHECK(tab.is<Idle>());
  tab.change();
  CHECK(tab.is<Idle>());
  tab.facts.editable = true;
  CHECK(tab.go(Stepped{}) == Actions{Wait{0, collect_ms}});
}

TEST_CASE("editing: a configuration that cannot be read waits for the person, not for steps") {
  Tab tab;
  tab.go(TryAgainPressed{});
  CHECK(tab.go(FetchFailed{tab.state.asked}) == Actions{Tell{News::not_read}});
  CHECK(tab.go(Stepped{}).empty());
  CHECK(tab.is<Unread>());
  SECTION("Try again reads it") {
    CHECK(tab.go(TryAgainPressed{}) == Actions{Fetch{}});
    CHECK(tab.refused(TryAgainPressed{}) == Refusal::nothing_due);
  }
  SECTION("a change is sent all the same") {
    tab.change_and_wait();
  }
}

TEST_CASE("editing: the session ends with changes, and they go when there is one again") {
  Tab tab;
  tab.change_and_wait();
  CHECK(tab.go(Left{}).empty());
  CHECK(tab.is<Away>());
  CHECK(tab.go(Changed{2}) == Actions{Remember{}});
  CHECK(tab.go(Stepped{}) == Actions{Wait{0, collect_ms}});
  tab.go(Waited{tab.state.asked});
  CHECK(tab.state.phase == Phase{Keeping{2, false}});
}

TEST_CASE("editing: while the page is asked for anew, what the person presses counts") {
  Tab tab;
  tab.go(Left{});
  SECTION("Save") {
    CHECK(tab.go(SavePressed{}) == Actions{Save{}});
    CHECK(tab.go(Stepped{}).empty());
    CHECK(is_saving(tab.state));
  }
  SECTION("Sign out") {
    CHECK(tab.go(SignOutPressed{}) == Actions{SignOut{}});
  }
}

TEST_CASE("editing: changes that outlived a reload of the tab go as if made now") {
  State state;
  const Facts facts{true, true, 1, 7};
  state = step(state, Stepped{}, facts).next;
  const auto shown = step(state, Fetched{1, 7, 3, false}, facts);
  CHECK(shown.actions == Actions{Show{}, Wait{2, collect_ms}});
  CHECK(shown.next.made == 3);
}

TEST_CASE("editing: changes for one company are never sent for another") {
  Tab tab;
  tab.change();
  tab.facts = {true, true, 2, 7};
  tab.go(Stepped{});
  CHECK(tab.go(Fetched{tab.state.asked, 7, 0, true}) == Actions{Show{}, Remember{}});
  CHECK_FALSE(has_unsent(tab.state));
  CHECK(tab.is<Idle>());
}

TEST_CASE("editing: Sign out keeps what was chosen last, and then ends the session") {
  Tab tab;
  SECTION("nothing to keep: at once") {
    CHECK(tab.go(SignOutPressed{}) == Actions{SignOut{}});
  }
  SECTION("a change: kept first") {
    tab.change();
    CHECK(tab.go(SignOutPressed{}) == Actions{Keep{}});
    CHECK(tab.refused(SignOutPressed{}) == Refusal::nothing_due);
    CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, SignOut{}});
  }
  SECTION("another tab's change between: read, put in, kept") {
    tab.change();
    tab.go(SignOutPressed{});
    tab.keep_fails(NotTaken::changed_elsewhere);
    CHECK(tab.go(Fetched{tab.state.asked, 9, 0, false}) == Actions{Show{}, Keep{}});
    CHECK(tab.go(Kept{tab.state.asked, 10}) == Actions{Confirm{1}, SignOut{}});
  }
  SECTION("a save under way is waited for") {
    tab.go(SavePressed{});
    CHECK(tab.go(SignOutPressed{}).empty());
    CHECK(tab.go(Saved{tab.state.asked, 8}) == Actions{Confirm{0}, ShowSaved{}, SignOut{}});
  }
  SECTION("the session ends by itself: the person stays, with the changes in the tab") {
    tab.change();
    tab.go(SignOutPressed{});
    CHECK(tab.go(Left{}) == Actions{Stay{}});
    CHECK(has_unsent(tab.state));
  }
}

TEST_CASE("editing: Sign out loses a change only after the person was told that it is not kept") {
  Tab tab;
  tab.change();
  SECTION("refused") {
    tab.go(SignOutPressed{});
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{Tell{News::not_kept}, Stay{}});
  }
  SECTION("without an answer") {
    tab.go(SignOutPressed{});
    CHECK(tab.keep_fails(NotTaken::unknown) ==
          Actions{Tell{News::not_kept}, Stay{}, Wait{0, editing::retry_ms}});
  }
  SECTION("the connection takes none now") {
    tab.facts.editable = false;
    CHECK(tab.go(SignOutPressed{}) == Actions{Tell{News::not_editable}, Stay{}});
    CHECK(tab.go(SignOutPressed{}) == Actions{SignOut{}});
  }
}

TEST_CASE("editing: Sign out pressed again tries again, and then leaves") {
  Tab tab;
  tab.change();
  tab.go(SignOutPressed{});
  tab.keep_fails(NotTaken::unknown);
  CHECK(tab.go(SignOutPressed{}) == Actions{Keep{}});
  SECTION("kept this time") {
    CHECK(tab.go(Kept{tab.state.asked, 8}) == Actions{Confirm{1}, SignOut{}});
  }
  SECTION("not kept, which the person knows") {
    CHECK(tab.keep_fails(NotTaken::refused) == Actions{SignOut{}});
  }
  SECTION("not kept, and there is a newer change: told") {
    tab.change();
    CHECK(tab.keep_fails(NotTaken::refused) ==
          Actions{Tell{News::not_kept}, Stay{}, Wait{0, collect_ms}});
  }
}

}  // namespace rekey::test::editing_test
