// Going from place to place: what the address is, what is asked of the backend for it, and where
// the person is afterwards.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::places_test {

namespace {

using fake::browser;
using mapping::Section;

const Where customers{View::configuration, Pane::lists, Section::customers};
const Where versions{View::configuration, Pane::versions};

/// So many lines that one list is shown at a time.
Books many() {
  Books out;
  out.lines[Section::accounts] = {line("x", "Sales"), line("y", "Bank")};
  for (int i = 0; i < 60; ++i)
    out.lines[Section::customers].push_back(line("c" + std::to_string(i), "A customer"));
  return out;
}

/// Opened at this address.
struct At : Fixture {
  explicit At(const std::string& address) {
    browser().launch.hash = address;
    browser().address = address;
    open(configurable_page());
  }
  const Where& where() { return live.model().where; }
  const Arriving& arriving() {
    REQUIRE(live.model().arriving);
    return *live.model().arriving;
  }
  /// The person goes there by themselves; `left_at`: by Back.
  void goes(const std::string& address, std::optional<platform::LeftAt> left_at = {}) {
    browser().address = address;
    browser().gone_to({address, left_at});
  }
};

}  // namespace

TEST_CASE("places: opened at an address the page shows its place, and moves no focus") {
  At f("#/connection");
  CHECK(f.where() == Where{View::connection});
  CHECK(f.arriving().how == Arriving::How::opened);
  CHECK(browser().address == "#/connection");
  CHECK(browser().history.empty());
}

TEST_CASE("places: what is no address leads to the store, and the address says so") {
  At f("#/nowhere");
  CHECK(f.where() == Where{});
  CHECK(browser().address == "#/");
  f.goes("#/configuration/nothing");
  CHECK(f.where() == Where{});
  CHECK(browser().address == "#/");
  CHECK(browser().history.empty());
}

TEST_CASE("places: a list that is opened by its address is the one that is read") {
  At f("#/configuration/customers");
  f.answer_configuration(many());
  REQUIRE(f.backend.queries.size() == 1);
  CHECK(f.backend.queries[0].section == Section::customers);
  f.live.places.settle();
  CHECK(f.backend.queries.size() == 1);
}

TEST_CASE("places: a list that is gone to is read, and Back leads to the one before") {
  At f("#/configuration/accounts");
  f.answer_configuration(many());
  f.live.places.go(customers);
  CHECK(browser().address == "#/configuration/customers");
  CHECK(browser().history == std::vector<std::string>{"#/configuration/accounts"});
  CHECK(f.arriving().how == Arriving::How::followed);
  REQUIRE(f.backend.queries.size() == 2);
  CHECK(f.backend.queries[1].section == Section::customers);
  f.answer_lines(many());
  f.goes("#/configuration/accounts", platform::LeftAt{120, 7});
  CHECK(f.live.model().mapping->selected == Section::accounts);
  CHECK(f.arriving().how == Arriving::How::returned);
  CHECK(f.arriving().top == 120);
  CHECK(f.arriving().focus == 7);
}

TEST_CASE("places: to be where one goes to is no new entry, but the focus comes again") {
  At f("#/connection");
  f.live.model().arriving.reset();
  f.live.places.go({View::connection});
  CHECK(browser().history.empty());
  CHECK(f.arriving().how == Arriving::How::followed);
}

TEST_CASE("places: a list that this host has not mapped is the configuration as a whole") {
  At f("#/configuration/classes");
  f.answer_configuration(many());
  f.live.places.settle();
  CHECK(f.where() == Where{View::configuration});
  CHECK(browser().address == "#/configuration");
}

TEST_CASE("places: what is read when it is looked at is read once there is a configuration") {
  At f("#/configuration/versions");
  f.live.places.settle();
  CHECK(f.backend.version_pages.empty());
  f.answer_configuration(many());
  f.live.places.settle();
  f.live.places.settle();
  CHECK(f.backend.version_pages.size() == 1);
  f.live.places.go({View::configuration, Pane::left_out});
  CHECK(f.backend.set_asides.size() == 1);
}

TEST_CASE("places: a comparison has an address, and is over when it is left") {
  At f("#/configuration/versions/3");
  f.answer_configuration(many());
  f.live.places.settle();
  CHECK(f.backend.compared == std::vector<std::int64_t>{3});
  CHECK(f.live.model().compared == 3);
  f.live.places.go(versions);
  CHECK(f.live.model().compared == 0);
  CHECK(f.backend.version_pages.size() == 1);
  f.goes("#/configuration/versions/3", platform::LeftAt{});
  CHECK(f.backend.compared == std::vector<std::int64_t>{3, 3});
}

TEST_CASE("places: after the way back from the provider the person is where they left from") {
  {
    At f("#/connection");
    f.live.model().scrolled = 80;
    f.live.commands.send(wire::Verb::connect);
    f.outcome(f.at.state, "https://provider.example/consent");
  }
  const auto kept = browser().storage;
  Fixture f;
  browser().storage = kept;
  browser().launch.search = "?code=secret-code&state=mine&realmId=1";
  f.open(configurable_page());
  CHECK(f.live.model().where == Where{View::connection});
  CHECK(browser().address == "#/connection");
  REQUIRE(f.live.model().arriving);
  CHECK(f.live.model().arriving->top == 80);
}

TEST_CASE(
    "places: loaded anew, the person is as far down as they were; Back gives the focus again") {
  Fixture f;
  browser().launch.hash = "#/connection";
  browser().launch.left = {300, 0};
  f.open(configurable_page());
  CHECK(f.live.model().arriving->how == Arriving::How::opened);
  CHECK(f.live.model().arriving->top == 300);
  Fixture g;
  browser().launch.hash = "#/connection";
  browser().launch.left = {300, 9};
  g.open(configurable_page());
  CHECK(g.live.model().arriving->how == Arriving::How::returned);
}

TEST_CASE("places: each has a title, the same as its heading") {
  At f("#/");
  CHECK(title_of(f.live.model()) == say("page.title"));
  f.live.places.go({View::connection});
  CHECK(title_of(f.live.model()) == say("connection.heading"));
  f.live.places.go({View::configuration});
  CHECK(title_of(f.live.model()) == say("configuration.heading"));
  f.live.places.go(customers);
  CHECK(title_of(f.live.model()) == "Customers · Configuration");
  f.live.places.go(versions);
  CHECK(title_of(f.live.model()) == "Earlier versions · Configuration");
  f.live.model().stage = Stage::no_session;
  CHECK(title_of(f.live.model()) == say("page.title"));
}

TEST_CASE("places: that something is not saved is known wherever the person is") {
  At f("#/");
  CHECK_FALSE(is_unsaved(f.live.model()));
  f.stepped(f.saved_as(save::Draft{}, 4));
  CHECK(is_unsaved(f.live.model()));
  CHECK(banner_story(f.live.model()).action == BannerStory::Action::check);
  CHECK(banner_story(f.live.model()).title == say("check.begun.title"));
  f.stepped(f.saved_as(save::Saved{Instant{}}, 4));
  CHECK_FALSE(is_unsaved(f.live.model()));
}

}  // namespace rekey::web::places_test
