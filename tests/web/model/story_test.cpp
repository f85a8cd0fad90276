#include "web/model/story.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/next_story.hpp"

// What the page says of an end that the provider has not confirmed, and of trouble with it.

namespace rekey::web::story_test {

namespace {

const connect::Company pinmoor{"1", "Pinmoor"}, quillmere{"2", "Quillmere"};

Model model_of(connect::Phase phase, std::vector<connect::Revocation> revocations = {}) {
  Model out;
  out.page.host = "Ledgerline";
  out.page.now = from_ms(fake::browser().now_ms);
  out.page.state.connect.phase = std::move(phase);
  out.page.state.connect.revocations = std::move(revocations);
  return out;
}

connect::Revocation unconfirmed(const connect::Company& company) {
  return {1, company, Instant{}, {}, {}};
}

Model in_trouble(connect::Hindrance reason) {
  connect::Linked linked{pinmoor, 1, Instant{}, Instant{}, {}, {}};
  linked.trouble = connect::Trouble{reason, Instant{}};
  auto out = model_of(linked);
  out.page.state.import = {imports::Done{Instant{}, true, {}}, 1};
  return out;
}

bool says(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("story: a disconnect that is not confirmed is called disconnected, and not confirmed") {
  const auto model = model_of(connect::Unlinked{pinmoor, Instant{}}, {unconfirmed(pinmoor)});
  CHECK(chip_story(model).text == "chip.unconfirmed");
  const auto banner = banner_story(model);
  CHECK(banner.title == say("disconnected.title"));
  CHECK(says(banner.text, "has not confirmed yet"));
  CHECK(banner.tone == Tone::warning);
  // They can connect again all the same.
  CHECK_FALSE(switch_story(model).locked);
  CHECK_FALSE(why_not(model, wire::Verb::connect));
}

TEST_CASE("story: one that was given up says what is left to do") {
  auto revocation = unconfirmed(pinmoor);
  revocation.given_up = Instant{};
  const auto model = model_of(connect::Unlinked{pinmoor, Instant{}}, {revocation});
  CHECK(chip_story(model).text == "chip.given_up");
  CHECK(says(banner_story(model).text, "remove this app inside QuickBooks"));
}

TEST_CASE("story: what is not due to be told, or is of another company, is not in the banner") {
  auto quiet = unconfirmed(pinmoor);
  quiet.tell_at = Instant{};
  for (const auto& each : {quiet, unconfirmed(quillmere)}) {
    const auto model = model_of(connect::Unlinked{pinmoor, Instant{}}, {each});
    CHECK(chip_story(model).text == "chip.disconnected");
    CHECK_FALSE(says(banner_story(model).text, "confirm"));
  }
}

TEST_CASE(
    "story: a provider in trouble asks nothing of the customer, and names whose fault it is") {
  const auto ours = in_trouble(connect::Hindrance::misconfigured);
  CHECK(chip_story(ours).text == "chip.misconfigured");
  CHECK(says(banner_story(ours).text, "not yours"));
  const auto theirs = in_trouble(connect::Hindrance::unavailable);
  CHECK(chip_story(theirs).text == "chip.in_trouble");
  CHECK(says(banner_story(theirs).text, "asked again by itself"));
  const auto customers = in_trouble(connect::Hindrance::rights_lost);
  CHECK(chip_story(customers).text == "chip.at_risk");
  CHECK(says(banner_story(customers).text, "administrator"));
  for (const auto& each : {ours, theirs})
    CHECK(banner_story(each).action == BannerStory::Action::none);
}

TEST_CASE("story: a sign-in that failed for another reason than the person's is told as an error") {
  auto model = model_of(connect::Unlinked{});
  model.page.notices = {{1, model.page.now, Note::sign_in_failed, "unreachable"}};
  CHECK(banner_story(model).tone == Tone::danger);
  CHECK(tile_is_open(model));
  model.page.notices[0].detail = "access_denied";
  CHECK(notice_words(model.page.notices[0]) == say("note.sign_in_declined"));
}

namespace {

/// A saved configuration with so many lines of each kind.
Model saved_with(std::int64_t undecided, std::int64_t suggested, std::int64_t conflicts = 0) {
  auto out = model_of(connect::Linked{pinmoor, 1, Instant{}, Instant{}, {}, {}});
  out.page.state.import = {imports::Done{Instant{}, true, {}}, 1};
  out.page.state.save = {save::Saved{Instant{}}, 3};
  auto& mapping = out.mapping.emplace();
  mapping.order = {mapping::Section::accounts};
  auto& counts = mapping.of(mapping::Section::accounts).counts;
  counts.total = 10;
  counts.undecided = undecided;
  counts.suggested = suggested;
  counts.conflicts = conflicts;
  return out;
}

}  // namespace

TEST_CASE("story: saved with open lines is not finished, and the check is where the person is") {
  for (const auto& [undecided, suggested] : {std::pair{43, 0}, {0, 2}}) {
    const auto model = saved_with(undecided, suggested);
    CHECK(open_lines(model) == undecided + suggested);
    const auto steps = steps_of(model);
    CHECK(steps[2] == StepState::current);
    CHECK(steps[3] == StepState::todo);
  }
}

TEST_CASE("story: saved with nothing open is finished, also where one was meant twice") {
  const auto model = saved_with(0, 0, 2);
  CHECK(open_lines(model) == 0);
  for (const auto each : steps_of(model)) CHECK(each == StepState::done);
  CHECK(is_finished(model));
  CHECK_FALSE(is_finished(saved_with(1, 0)));
  auto unread = model;
  unread.mapping.reset();  // what is open is not known yet, so nothing is claimed
  CHECK(steps_of(unread)[3] != StepState::done);
}

namespace {

Model ready(Model model) {
  model.stage = Stage::ready;
  return model;
}

}  // namespace

TEST_CASE("story: what happens next is said of every state") {
  const auto of = [](connect::Phase phase) { return ready(model_of(std::move(phase))); };
  const Instant soon = from_ms(fake::browser().now_ms + 60'000);
  std::set<std::string> said;
  const auto hear = [&](const Model& model) {
    const auto words = next_words(model);
    INFO(words);
    CHECK(words.find("help.") == std::string::npos);
    CHECK(words.find('{') == std::string::npos);
    said.insert(words);
  };
  hear(model_of(connect::Unlinked{}));  // no session
  hear(of(connect::Unlinked{}));
  auto open = of(connect::Unlinked{});
  open.tile_open = true;
  hear(open);
  hear(of(connect::Legacy{pinmoor, Instant{}, {}}));
  hear(of(connect::Authorizing{"x", soon, connect::Unlinked{}}));
  hear(of(connect::Broken{}));
  hear(of(connect::Disconnecting{}));
  hear(of(connect::Confirming{}));
  hear(of(connect::Proving{}));
  hear(ready(saved_with(2, 0)));
  auto linked = ready(saved_with(0, 0));
  hear(linked);
  linked.page.state.save = {};
  hear(linked);
  linked.page.state.import.phase = imports::Done{Instant{}, false, {}};
  hear(linked);
  linked.page.state.import.phase = imports::Running{};
  hear(linked);
  linked.page.state.import.phase = imports::Failed{};
  hear(linked);
  linked.page.state.import.phase = imports::None{};
  hear(linked);
  CHECK(said.size() == 16);
}

TEST_CASE("story: the tray names the company of an access that was not confirmed, if it is known") {
  wire::Notice notice{1, Instant{}, Note::revocation_given_up, "Quillmere"};
  CHECK(says(notice_words(notice), "Quillmere"));
  notice.detail.clear();
  CHECK_FALSE(says(notice_words(notice), "The company is"));
  CHECK(says(notice_words({1, Instant{}, Note::grant_in_trouble, "misconfigured"}), "not yours"));
}

}  // namespace rekey::web::story_test
