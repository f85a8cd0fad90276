// Whose page a tab shows, and that it never becomes another's.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::sessions_test {

namespace {

const wire::OpenPage larch{"con_1", "Larch Dental", "Jane Doe"};
const wire::OpenPage maple{"con_2", "Maple Motors", ""};

struct Tab : Fixture {
  void list(std::vector<wire::OpenPage> pages) {
    Scripted::answer(backend.lists,
                     {wire::Sessions{pages, "Ledgerline", "https://host.test/"}, {}});
  }
  void page(std::string connection, connect::Phase phase = connect::Unlinked{}) {
    auto out = page_of(std::move(phase));
    out.connection = connection;
    out.tenant = connection == "con_1" ? "Larch Dental" : "Maple Motors";
    out.return_url = "https://host.test/clients/7";
    at = out;
    Scripted::answer(backend.pages, {out, {}});
  }
  void link(const char* token = "token") {
    fake::browser().launch.hash = std::string("#session=") + token;
    live.session.start();
  }
  /// This tab shows a page, and the person follows a link to another firm's in it.
  void foreign_link() {
    fake::browser().storage["rekey.connection"] = "con_1";
    link();
    problem(backend.sign_ins, 409, "confirm_link",
            {{}, {}, "Maple Motors", "Sam Roe", std::vector{larch}});
  }
  const Model& model() const { return live.model(); }
  const std::string& connection() { return fake::browser().storage["rekey.connection"]; }
};

/// A tab that came back from the provider with a company that another firm has; the code waits.
struct Told : Tab {
  Told() {
    began("mine");
    fake::browser().launch.search = "?code=secret-code&state=mine&realmId=1";
    live.session.start();
    page("con_1", connect::Authorizing{"x", in(600), legacy()});
    auto waits = goes_on;
    waits.begins = in(5);
    outcome(with(waits));
  }
  static Instant in(int seconds) { return from_ms(fake::browser().now_ms + 1000 * seconds); }
  State with(connect::Phase phase) const {
    auto state = at.state;
    state.connect = {std::move(phase), 3, "x"};
    return state;
  }
  bool says_it_afterwards() const {
    return model().message && model().message->title == "company_shared.title";
  }
  const connect::Exchanging goes_on{"x", 3, in(120), legacy()};
};

}  // namespace

TEST_CASE("tab: a link shows its firm, and the tab goes on showing it after a reload") {
  Tab tab;
  tab.link();
  CHECK_FALSE(tab.backend.links[0].confirmed);
  Scripted::answer(tab.backend.sign_ins, {wire::SignedIn{"con_2"}, {}});
  CHECK(tab.backend.used.back() == "con_2");
  tab.page("con_2");
  CHECK(tab.model().stage == Stage::ready);
  CHECK(tab.connection() == "con_2");
  CHECK(tab.model().way_back() == "https://host.test/clients/7");
}

TEST_CASE("tab: a fresh one shows the only page there is, and asks where there are several") {
  Tab tab;
  tab.live.session.start();
  SECTION("one") {
    tab.list({maple});
    tab.page("con_2");
    CHECK(tab.model().stage == Stage::ready);
    CHECK(tab.connection() == "con_2");
  }
  SECTION("several") {
    tab.list({larch, maple});
    CHECK(tab.model().stage == Stage::choose);
    CHECK(tab.backend.pages.empty());
    tab.live.session.go_on("con_1");
    tab.page("con_1");
    CHECK(tab.model().stage == Stage::ready);
  }
  SECTION("none") {
    tab.list({});
    CHECK(tab.model().stage == Stage::no_session);
    CHECK(tab.model().why_not_ready.title == "no_session.title");
    CHECK(tab.model().host() == "Ledgerline");
    CHECK(tab.model().way_back() == "https://host.test/");
  }
}

TEST_CASE("tab: an answer about another connection than its own is never shown") {
  Tab tab;
  fake::browser().storage["rekey.connection"] = "con_1";
  tab.live.session.start();
  tab.page("con_2");
  CHECK(tab.model().stage == Stage::no_session);
  CHECK(tab.model().page.tenant.empty());
}

TEST_CASE("question: another firm's link is asked about, and nothing is taken over before") {
  Tab tab;
  tab.foreign_link();
  REQUIRE(tab.model().stage == Stage::question);
  CHECK(tab.model().asked.firm == "Maple Motors");
  CHECK(tab.model().asked.user == "Sam Roe");
  CHECK(tab.connection() == "con_1");
  CHECK(tab.backend.pages.empty());
  SECTION("opened, the tab shows that firm") {
    tab.live.session.open_link();
    CHECK(tab.backend.links.back().token == "token");
    CHECK(tab.backend.links.back().confirmed == true);
    Scripted::answer(tab.backend.sign_ins, {wire::SignedIn{"con_2"}, {}});
    tab.page("con_2");
    CHECK(tab.model().page.tenant == "Maple Motors");
  }
  SECTION("kept as it is, the tab shows its own, and the link is not used") {
    tab.live.session.keep_as_it_is();
    tab.page("con_1");
    CHECK(tab.model().page.tenant == "Larch Dental");
    CHECK(tab.backend.links.size() == 1);
  }
  SECTION("the switch only says what comes first") {
    tab.live.session.pressed_early();
    CHECK(tab.model().pressed_early);
    CHECK(tab.backend.commands.empty());
  }
}

TEST_CASE("question: its words do not name what is told apart by them") {
  for (const char* id : {"question.title", "question.text", "question.text_person", "question.open",
                         "question.switch"}) {
    const auto words = say(id, {{"firm", "F"}, {"host", "H"}, {"person", "P"}, {"firms", "F"}});
    INFO(words);
    CHECK(words.find("other") == std::string::npos);
    CHECK(words.find("different") == std::string::npos);
  }
}

TEST_CASE("link: used before, it offers the pages that are open, and never shows one unasked") {
  Tab tab;
  tab.link();
  tab.problem(tab.backend.sign_ins, 401, "link_spent",
              {"Ledgerline", "https://host.test/x", {}, {}, {}});
  CHECK(tab.model().way_back() == "https://host.test/x");
  SECTION("one is open") {
    tab.list({larch});
    CHECK(tab.model().stage == Stage::stale_link);
    CHECK(tab.model().way_back() == "https://host.test/x");
    CHECK(tab.backend.pages.empty());
    tab.live.session.go_on("con_1");
    tab.page("con_1");
    CHECK(tab.model().stage == Stage::ready);
  }
  SECTION("none is") {
    tab.list({});
    CHECK(tab.model().stage == Stage::no_session);
    CHECK(tab.model().why_not_ready.title == "stale_link.title");
  }
}

TEST_CASE("link: a busy or silent backend does not use it up") {
  Tab tab;
  tab.link();
  SECTION("silent") {
    Scripted::answer(tab.backend.sign_ins, {{}, {Trouble::Kind::unreachable, {}}});
  }
  SECTION("busy") {
    tab.problem(tab.backend.sign_ins, 429, "exhausted");
  }
  CHECK(tab.model().stage == Stage::unreachable);
  fake::browser().pass(5000);
  REQUIRE(tab.backend.links.size() == 2);
  CHECK(tab.backend.links[1].token == "token");
}

TEST_CASE("cookies: a browser that keeps none is told so, not that its link was used") {
  Tab tab;
  SECTION("it says so itself: the link is not spent on it") {
    fake::browser().cookies = false;
    tab.link();
    CHECK(tab.backend.links.empty());
  }
  SECTION("it does not: the session is gone as soon as it was made") {
    tab.link();
    Scripted::answer(tab.backend.sign_ins, {wire::SignedIn{"con_1"}, {}});
    tab.problem(tab.backend.pages, 401, "session_ended");
  }
  CHECK(tab.model().stage == Stage::no_session);
  CHECK(tab.model().why_not_ready.title == "no_cookies.title");
}

TEST_CASE("session: ended while other firms' are not, it says so and offers those") {
  Tab tab;
  fake::browser().storage["rekey.connection"] = "con_1";
  tab.live.session.start();
  tab.page("con_1");
  tab.live.commands.turn(true);
  tab.live.commands.send(wire::Verb::connect);
  tab.problem(tab.backend.outcomes, 409, "other_page",
              {"Ledgerline", "https://host.test/x", {}, {}, {}});
  CHECK(tab.model().stage == Stage::no_session);
  CHECK(tab.model().why_not_ready.title == "session_ended.named.title");
  CHECK(tab.model().way_back() == "https://host.test/x");
  tab.list({maple, larch});
  REQUIRE(tab.model().open.size() == 1);
  CHECK(tab.model().open[0].firm == "Maple Motors");
  tab.live.session.go_on("con_2");
  tab.page("con_2");
  CHECK_FALSE(tab.model().tile_open);
}

TEST_CASE("session: when the stream says that it ended, the page does too") {
  for (const int status : {401, 409}) {
    Tab tab;
    fake::browser().storage["rekey.connection"] = "con_1";
    tab.live.session.start();
    tab.page("con_1");
    auto lost = tab.backend.watcher.lost;
    lost(status, true);
    CHECK(tab.model().stage == Stage::no_session);
  }
}

TEST_CASE(
    "way back: the page that began a sign-in gets its answer, whatever the tab showed since") {
  Tab tab;
  tab.began("mine", "con_1");
  fake::browser().storage["rekey.connection"] = "con_2";
  fake::browser().launch.search = "?code=c&state=mine&realmId=1";
  tab.live.session.start();
  CHECK(tab.backend.used.back() == "con_1");
  SECTION("signed in still: it is sent on") {
    tab.page("con_1",
             connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()});
    REQUIRE(tab.backend.callbacks.size() == 1);
    CHECK(tab.connection() == "con_1");
  }
  SECTION("signed out meanwhile: it says so, and the code is there when signed in again") {
    tab.problem(tab.backend.pages, 409, "other_page");
    CHECK(tab.model().why_not_ready.title == "session_ended.came_back.title");
    tab.list({maple});
    tab.live.session.start_again();
    tab.page("con_1",
             connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()});
    CHECK(tab.backend.callbacks.size() == 1);
  }
  SECTION("signed out between: the code is not lost") {
    tab.page("con_1",
             connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()});
    tab.problem(tab.backend.outcomes, 401, "session_ended");
    CHECK(tab.model().why_not_ready.title == "session_ended.came_back.title");
    tab.live.session.start_again();
    tab.page("con_1",
             connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()});
    CHECK(tab.backend.callbacks.size() == 2);
  }
}

TEST_CASE("sign-out: the session is ended, and nothing of it stays in the tab") {
  Tab tab;
  fake::browser().storage["rekey.connection"] = "con_1";
  tab.live.session.start();
  tab.page("con_1");
  tab.live.commands.mark_seen();
  tab.live.session.sign_out();
  tab.live.session.sign_out();
  REQUIRE(tab.backend.sign_outs.size() == 1);
  Scripted::answer(tab.backend.sign_outs, {Nothing{}, {}});
  CHECK(tab.model().stage == Stage::signed_out);
  CHECK(tab.model().way_back() == "https://host.test/clients/7");
  for (const auto& [key, value] : fake::browser().storage) {
    INFO(key);
    CHECK(key == "rekey.attempts");
  }
}

TEST_CASE("sign-out: without an answer the person is told that they are still signed in") {
  Tab tab;
  fake::browser().storage["rekey.connection"] = "con_1";
  tab.live.session.start();
  tab.page("con_1");
  tab.live.session.sign_out();
  Scripted::answer(tab.backend.sign_outs, {{}, {Trouble::Kind::unreachable, {}}});
  CHECK(tab.model().stage == Stage::ready);
  CHECK(tab.model().message->title == "sign_out_failed.title");
  CHECK_FALSE(tab.model().signing_out);
}

TEST_CASE("sign-out: what was chosen last is kept first") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, "a", "1");
  f.live.session.sign_out();
  CHECK(f.backend.patches.size() == 1);
  CHECK(f.backend.sign_outs.empty());
  f.kept_as(1);
  CHECK(f.backend.sign_outs.size() == 1);
}

TEST_CASE("drafts: choices not sent yet survive the end of the session, for their own firm") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, "a", "1");
  f.backend.watcher.lost(401, true);
  CHECK(f.live.model().stage == Stage::no_session);
  f.live.session.start_again();
  auto page = configurable_page();
  Scripted::answer(f.backend.pages, {page, {}});
  CHECK(f.live.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");

  auto* again = new Scripted;
  LivePage live{std::unique_ptr<Backend>(again)};
  live.session.start();
  Scripted::answer(again->pages, {page, {}});
  Fixture::answer_configuration(*again, books());
  CHECK(live.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");
  fake::browser().pass(2000);
  CHECK(again->patches.size() == 1);

  fake::browser().storage["rekey.connection"] = "con_2";
  auto* other = new Scripted;
  LivePage of_other{std::unique_ptr<Backend>(other)};
  of_other.session.start();
  page.connection = "con_2";
  Scripted::answer(other->pages, {page, {}});
  Fixture::answer_configuration(*other, books());
  CHECK_FALSE(of_other.model().mapping->unsent_changes());
}

TEST_CASE("company: one that another firm has is asked about, with the code in memory only") {
  Tab tab;
  tab.began("mine");
  fake::browser().launch.search = "?code=secret-code&state=mine&realmId=1";
  tab.live.session.start();
  const connect::Authorizing phase{"x", from_ms(fake::browser().now_ms + 600000), legacy()};
  tab.page("con_1", phase);
  tab.problem(tab.backend.outcomes, 409, "company_elsewhere");
  REQUIRE(tab.model().company_question);
  CHECK(banner_story(tab.model()).action == BannerStory::Action::company);
  CHECK(switch_story(tab.model()).locked);
  for (const auto& [key, value] : fake::browser().storage)
    CHECK(value.find("secret-code") == std::string::npos);
  SECTION("yes sends the same callback, confirmed") {
    tab.live.commands.answer_company(true);
    REQUIRE(tab.backend.callbacks.size() == 2);
    CHECK(tab.backend.callbacks[1].code == "secret-code");
    CHECK(tab.backend.callbacks[1].company_confirmed == true);
    CHECK_FALSE(tab.model().company_question);
  }
  SECTION("no cancels") {
    tab.live.commands.answer_company(false);
    REQUIRE(tab.backend.commands.size() == 1);
    CHECK(tab.backend.commands[0].command == wire::Verb::cancel);
    CHECK_FALSE(tab.model().company_question);
    CHECK(tab.backend.callbacks.size() == 1);
  }
  SECTION("cancelled in another tab, nothing is left to ask") {
    auto state = tab.at.state;
    state.connect.phase = legacy();
    tab.stepped(state);
    CHECK_FALSE(tab.model().company_question);
  }
}

TEST_CASE("company: of one that another firm has the page tells while the sign-in waits") {
  Told tab;
  const auto story = banner_story(tab.model());
  CHECK(story.action == BannerStory::Action::told);
  CHECK(story.title == say("company_told.title"));
  CHECK(story.text.find("Larch Dental") != std::string::npos);
  CHECK(switch_story(tab.model()).locked);
  CHECK_FALSE(tab.model().message);
  CHECK_FALSE(tab.model().company_question);
  SECTION("time itself goes on, and it is said once more") {
    tab.stepped(tab.with(tab.goes_on));
    CHECK(banner_story(tab.model()).action == BannerStory::Action::none);
    CHECK(tab.says_it_afterwards());
  }
  SECTION("the same where the tab sees no more than the end of it") {
    tab.stepped(tab.with(connect::Linked{pinmoor, 3, Told::in(0), Told::in(3600), {}, {}}));
    CHECK(tab.says_it_afterwards());
  }
  SECTION("cancelled in another tab, nothing is left to say") {
    tab.stepped(tab.with(legacy()));
    CHECK_FALSE(tab.model().message);
  }
}

TEST_CASE("company: told that another firm has it, the person goes on, and hears it once only") {
  Told tab;
  tab.live.commands.send(wire::Verb::confirm_company);
  REQUIRE(tab.backend.commands.size() == 1);
  CHECK(tab.backend.commands[0].command == wire::Verb::confirm_company);
  CHECK(tab.backend.commands[0].version == 3);
  SECTION("its answer comes before the step") {
    tab.outcome(tab.with(tab.goes_on));
  }
  SECTION("the step comes before its answer") {
    tab.stepped(tab.with(tab.goes_on));
    tab.outcome(tab.with(tab.goes_on));
  }
  SECTION("time was quicker") {
    tab.refuse("nothing_to_confirm");
    CHECK(tab.backend.pages.size() == 1);
  }
  CHECK_FALSE(tab.model().message);
  CHECK_FALSE(tab.model().sending);
}

TEST_CASE("company: told that another firm has it, the person stops the sign-in") {
  Told tab;
  tab.live.commands.send(wire::Verb::cancel);
  REQUIRE(tab.backend.commands.size() == 1);
  CHECK(tab.backend.commands[0].command == wire::Verb::cancel);
  SECTION("in time") {
    tab.outcome(tab.with(legacy()));
    CHECK_FALSE(tab.model().message);
  }
  SECTION("too late, and the page says what to do") {
    tab.refuse("sign_in_under_way");
    CHECK(tab.says_it_afterwards());
    CHECK(tab.backend.pages.size() == 1);
  }
}

TEST_CASE("words: the firm and the person, and nothing odd where the host gave no person") {
  CHECK(firm_and_person("Larch Dental", "Jane Doe") == "Larch Dental · Jane Doe");
  CHECK(firm_and_person("Larch Dental", "") == "Larch Dental");
  Model model;
  model.page.return_url = "javascript:alert(1)";
  CHECK(model.way_back().empty());
}

TEST_CASE("session: one that ends says what had not reached the server, and keeps it") {
  Fixture f;
  f.open_configuration();
  SECTION("nothing") {
    f.backend.watcher.lost(401, true);
    CHECK(f.live.model().why_not_ready.text == "session_ended.text");
  }
  SECTION("two choices, after the page was loaded anew, too") {
    f.live.editing.choose(mapping::Section::accounts, "a", "1");
    f.live.editing.choose(mapping::Section::accounts, "b", "1");
    f.backend.watcher.lost(401, true);
    const auto& why = f.live.model().why_not_ready;
    CHECK(why.text == "session_ended.unsent");
    CHECK(say(why.text, why.values).rfind("2 choices had not", 0) == 0);
    auto* own = new Scripted;
    LivePage again{std::unique_ptr<Backend>(own)};
    again.session.start();
    f.problem(own->pages, 401, "session_ended");
    CHECK(again.model().why_not_ready.text == "session_ended.unsent");
  }
}

}  // namespace rekey::web::sessions_test
