#include "core/wire/json.hpp"
#include "tests/support/walk.hpp"

// The import and the save machine, step by outcome.

namespace rekey::test::import_save_test {

namespace {

using namespace std::chrono_literals;
using namespace imports;

Walk linked() {
  Walk walk;
  walk.link(alder);
  return walk;
}
Walk ready() {
  Walk walk = linked();
  walk.import_all();
  return walk;
}
PageImported page(Entity entity, std::int64_t done, bool finished, std::int64_t run = 1) {
  return {run, entity, done, {}, finished};
}

}  // namespace

TEST_CASE("import: entities come in the order of the plan, small and decisive ones first") {
  const auto all = plan();
  REQUIRE(all.size() == current_plan().size());
  CHECK(next_entity(all)->entity == Entity::company_info);
  CHECK(all.back().entity == Entity::vendor);
  for (const auto& each : all) CHECK((!each.finished && each.done == 0 && !each.total));
}

TEST_CASE("import: what is read is said by the event that begins it, whatever begins it") {
  const Plan short_one = {Entity::vendor, Entity::account};
  Walk walk = linked();
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, alder, short_one});
  CHECK(walk.is<Running>().progress == plan(short_one));
  walk.go(page(Entity::vendor, 4, true, 2));
  walk.go(page(Entity::account, 4, true, 2));
  walk.is<Done>();
  walk.go(ImportPressed{{Entity::term}});
  CHECK(walk.is<Running>().progress == plan({Entity::term}));
  const auto other = walk.sign_in();
  walk.go(connect::CompanyProved{other, birch, {Entity::item}});
  walk.go(connect::CompanyConfirmed{other, short_one});
  CHECK(walk.is<Running>().progress == plan(short_one));
}

TEST_CASE(
    "import: an event that brings no plan begins the import that it began when it was stored") {
  const auto old = wire::parse(R"({"type":"import_pressed"})", "It");
  const auto event = wire::read_as<rekey::Event>(*old, "It");
  REQUIRE(event.has_value());
  CHECK(line(*event) == R"({"type":"import_pressed"})");
  Walk walk = ready();
  walk.go(*event);
  std::vector<std::string> names;
  for (const auto& each : walk.is<Running>().progress)
    names.emplace_back(wire::name_of(each.entity));
  // Written out: stored histories are replayed with these for ever.
  CHECK(names == std::vector<std::string>{"CompanyInfo", "Preferences", "Account", "TaxCode",
                                          "TaxRate", "Term", "PaymentMethod", "Class", "Department",
                                          "Item", "Customer", "Vendor"});
}

TEST_CASE("import: it goes on by the plan that it began with") {
  Walk walk = ready();
  walk.go(ImportPressed{{Entity::term, Entity::item}});
  walk.go(page(Entity::term, 3, true, 2));
  walk.go(ImportFailed{2, Stopped::unreachable});
  walk.go(ResumePressed{});
  walk.go(page(Entity::item, 3, true, 3));
  CHECK(walk.is<Done>().progress.size() == 2);
}

TEST_CASE("import: a list that the company does not have is left out and told, and the rest read") {
  Walk walk = ready();
  walk.go(ImportPressed{{Entity::department, Entity::account, Entity::customer}});
  CHECK(walk.go(ListRefused{2, Entity::department, LeftOut::not_for_company}) ==
        Effects{Notify{Note::list_left_out, "Department"}});
  CHECK(walk.is<Running>().deadline == walk.now + silence);
  walk.go(page(Entity::account, 2, false, 2));
  CHECK(walk.go(ListRefused{2, Entity::account, LeftOut::mapping_needs_it}) ==
        Effects{Notify{Note::needed_list_left_out, "Account"}});
  CHECK(walk.go(page(Entity::customer, 0, true, 2)) == Effects{Notify{Note::import_finished, ""}});
  CHECK(walk.is<Done>().progress == std::vector<Progress>{
                                        {Entity::department, 0, {}, true, LeftOut::not_for_company},
                                        {Entity::account, 2, {}, true, LeftOut::mapping_needs_it},
                                        {Entity::customer, 0, {}, true, {}},
                                    });
  CHECK(lists_left_out(walk.state.import).size() == 2);
  walk.go(ApplyPressed{2});
  CHECK(walk.go(save::Edited{0}).empty());
}

TEST_CASE("import: a refused list of another run, or out of its turn, is not taken") {
  Walk walk = linked();
  const auto refuses = [&](std::int64_t run, Entity entity) {
    return walk.refused(ListRefused{run, entity, LeftOut::not_for_company});
  };
  CHECK(refuses(0, Entity::company_info) == Refusal::stale_answer);
  CHECK(refuses(2, Entity::company_info) == Refusal::stale_answer);
  CHECK(refuses(1, Entity::department) == Refusal::out_of_order);
  walk.go(ListRefused{1, Entity::company_info, LeftOut::not_for_company});
  CHECK(refuses(1, Entity::company_info) == Refusal::out_of_order);
  walk = ready();
  CHECK(refuses(1, Entity::vendor) == Refusal::stale_answer);
}

TEST_CASE("import: when every list is refused it has stopped, and going on asks for all again") {
  Walk walk = ready();
  const Plan lists = {Entity::department, Entity::customer};
  walk.go(ImportPressed{lists});
  walk.go(ListRefused{2, Entity::department, LeftOut::not_for_company});
  CHECK(walk.go(ListRefused{2, Entity::customer, LeftOut::mapping_needs_it}) ==
        Effects{Notify{Note::needed_list_left_out, "Customer"},
                Notify{Note::import_stopped, "refused"}});
  CHECK(walk.is<Failed>().reason == Stopped::refused);
  CHECK(lists_left_out(walk.state.import).size() == 2);
  walk.go(ResumePressed{});
  CHECK(walk.is<Running>().progress == plan(lists));
}

TEST_CASE("import: what was left out stays so when the import goes on after it had stopped") {
  Walk walk = ready();
  walk.go(ImportPressed{{Entity::department, Entity::customer}});
  walk.go(ListRefused{2, Entity::department, LeftOut::not_for_company});
  walk.go(ImportFailed{2, Stopped::unreachable});
  walk.go(ResumePressed{});
  walk.go(page(Entity::customer, 5, true, 3));
  CHECK(walk.is<Done>().progress.front().left_out == LeftOut::not_for_company);
}

TEST_CASE("import: pages count upwards, and one that does not is not taken") {
  Walk walk = linked();
  CHECK(walk.refused(page(Entity::preferences, 1, true)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::company_info, 0, false)) == Refusal::out_of_order);
  CHECK(walk.go(page(Entity::company_info, 1, false)).empty());
  CHECK(walk.refused(page(Entity::company_info, 1, false)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::company_info, 0, true)) == Refusal::out_of_order);
  walk.go(page(Entity::company_info, 1, true));
  CHECK(walk.refused(page(Entity::company_info, 1, true)) == Refusal::out_of_order);
  CHECK(walk.refused(page(Entity::preferences, -1, true)) == Refusal::out_of_order);
  walk.go(page(Entity::preferences, 0, true));
}

TEST_CASE("import: a page of another run is not taken, whatever is in it") {
  Walk walk = linked();
  CHECK(walk.refused(page(Entity::company_info, 1, true, 0)) == Refusal::stale_answer);
  CHECK(walk.refused(page(Entity::company_info, 1, true, 2)) == Refusal::stale_answer);
}

TEST_CASE("import: every page is a sign of life, and silence ends it") {
  Walk walk = linked();
  walk.wait(silence - 1ms);
  CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
  walk.go(page(Entity::company_info, 1, true));
  CHECK(walk.is<Running>().deadline == walk.now + silence);
  CHECK(walk.wait_until_due() == Effects{Notify{Note::import_stopped, "timed_out"}});
  CHECK(walk.is<Failed>().progress.front().finished);
}

TEST_CASE("import: a list that is read again without news shows life, and loses nothing by it") {
  Walk walk = linked();
  walk.go(page(Entity::company_info, 5, false));
  walk.wait(silence - 1ms);
  CHECK(walk.refused(page(Entity::company_info, 5, false)) == Refusal::out_of_order);
  auto sign = page(Entity::company_info, 5, false);
  sign.alive = true;
  walk.go(sign);
  CHECK(walk.is<Running>().deadline == walk.now + silence);
  CHECK(walk.is<Running>().progress.front().done == 5);
  sign.done = 4;
  CHECK(walk.refused(sign) == Refusal::out_of_order);
  sign.run = 2;
  CHECK(walk.refused(sign) == Refusal::stale_answer);
}

TEST_CASE("import: what is in use stays so over a reconnect, also when its import is given up") {
  Walk walk = ready();
  const auto done = walk.is<Done>();
  walk.link(alder);
  REQUIRE(walk.is<Running>().before);
  CHECK(in_use(walk.state.import));
  walk.go(CancelImportPressed{});
  CHECK(walk.is<Done>().finished == done.finished);
  CHECK(walk.is<Done>().progress == done.progress);
}

TEST_CASE("import: nothing of another company is in use after it was connected") {
  Walk walk = ready();
  const auto version = walk.sign_in();
  walk.go(connect::CompanyProved{version, birch});
  walk.go(connect::CompanyConfirmed{version});
  CHECK_FALSE(walk.is<Running>().before);
  walk.go(CancelImportPressed{});
  walk.is<None>();
}

TEST_CASE("import: a reconnect that was stored before it kept what is in use replays as it did") {
  Walk walk = ready();
  const auto version = walk.sign_in();
  auto stored = wire::write(rekey::Event(connect::CompanyProved{version, alder}));
  stored.erase("keeps");
  const auto event = wire::read_as<rekey::Event>(stored, "It");
  REQUIRE(event.has_value());
  walk.go(*event);
  CHECK_FALSE(walk.is<Running>().before);
}

TEST_CASE("import: whatever it stops of, it can go on") {
  for (const auto reason : wire::all_of<Stopped>) {
    Walk walk = linked();
    CHECK(walk.refused(ImportFailed{2, reason}) == Refusal::stale_answer);
    CHECK(walk.go(ImportFailed{1, reason}) ==
          Effects{Notify{Note::import_stopped, std::string(wire::name_of(reason))}});
    CHECK(walk.refused(ImportFailed{1, reason}) == Refusal::stale_answer);
    CHECK(walk.refused(ApplyPressed{1}) == Refusal::nothing_to_apply);
    walk.go(ResumePressed{});
    walk.is<Running>();
  }
}

TEST_CASE("import: buttons while it runs, when it is finished and when there was none") {
  Walk none;
  CHECK(none.refused(ImportPressed{}) == Refusal::not_connected);
  CHECK(none.refused(ResumePressed{}) == Refusal::not_connected);
  CHECK(none.refused(ApplyPressed{0}) == Refusal::nothing_to_apply);
  CHECK(none.refused(page(Entity::company_info, 1, true, 0)) == Refusal::stale_answer);
  Walk running = linked();
  CHECK(running.refused(ImportPressed{}) == Refusal::import_running);
  CHECK(running.refused(ResumePressed{}) == Refusal::import_running);
  CHECK(running.refused(ApplyPressed{1}) == Refusal::nothing_to_apply);
  Walk done = ready();
  CHECK(done.refused(ResumePressed{}) == Refusal::nothing_to_resume);
  CHECK(done.refused(ApplyPressed{2}) == Refusal::nothing_to_apply);
  CHECK(done.go(ApplyPressed{1}).empty());
  CHECK(done.is<Done>().applied);
  CHECK(done.go(ImportPressed{}) == Effects{RunImport{2, 1}, Notify{Note::import_started, ""}});
}

TEST_CASE("import: a new grant reads everything anew, whatever ran before") {
  Walk walk = linked();
  walk.go(page(Entity::company_info, 1, true));
  const auto version = walk.sign_in();
  CHECK(walk.state.import.run == 1);
  walk.go(connect::CompanyProved{version, alder});
  CHECK(walk.state.import.run == 2);
  CHECK(walk.is<Running>().progress == plan());
  CHECK(!wanted(walk.state, RunImport{1, 1}));
  CHECK(wanted(walk.state, RunImport{2, version}));
}

TEST_CASE("save: nothing can be chosen before the company's settings are there") {
  Walk none;
  CHECK(none.refused(save::Edited{0}) == Refusal::not_connected);
  CHECK(none.refused(save::SavePressed{0}) == Refusal::not_connected);
  Walk running = linked();
  CHECK(running.refused(save::Edited{0}) == Refusal::import_running);
  CHECK(running.refused(save::SavePressed{0}) == Refusal::import_running);
  running.go(ImportFailed{1, Stopped::refused});
  CHECK(running.refused(save::Edited{0}) == Refusal::import_first);
  CHECK(running.refused(save::SavePressed{0}) == Refusal::import_first);
}

TEST_CASE("save: every change is a revision, and only the newest one seen may be changed") {
  Walk walk = ready();
  CHECK(walk.refused(save::Edited{1}) == Refusal::changed_elsewhere);
  CHECK(walk.refused(save::Edited{-1}) == Refusal::changed_elsewhere);
  for (std::int64_t revision = 0; revision < 5; ++revision) {
    CHECK(walk.go(save::Edited{revision}).empty());
    CHECK(walk.state.save == save::State{save::Draft{}, revision + 1});
  }
  CHECK(walk.refused(save::SavePressed{4}) == Refusal::changed_elsewhere);
  CHECK(walk.go(save::SavePressed{5}) == Effects{StoreConfiguration{6}});
}

TEST_CASE("save: stored, failed, silent, late and repeated answers") {
  Walk walk = ready();
  CHECK(walk.refused(save::ConfigurationStored{0}) == Refusal::stale_answer);
  CHECK(walk.refused(save::StoreFailed{0}) == Refusal::stale_answer);
  walk.go(save::SavePressed{0});
  CHECK(walk.is<save::Saving>().deadline == walk.now + save::store_time);
  CHECK(walk.refused(save::ConfigurationStored{0}) == Refusal::stale_answer);
  CHECK(walk.refused(save::StoreFailed{2}) == Refusal::stale_answer);
  CHECK(wanted(walk.state, StoreConfiguration{1}));
  Walk failed = walk, silent = walk;
  CHECK(walk.go(save::ConfigurationStored{1}) == Effects{Notify{Note::configuration_saved, ""}});
  CHECK(walk.is<save::Saved>().at == walk.now);
  CHECK(!wanted(walk.state, StoreConfiguration{1}));
  CHECK(walk.refused(save::StoreFailed{1}) == Refusal::stale_answer);
  CHECK(failed.go(save::StoreFailed{1}) == Effects{Notify{Note::save_failed, ""}});
  failed.is<save::Draft>();
  CHECK(silent.wait_until_due() == Effects{Notify{Note::save_failed, ""}});
  silent.is<save::Draft>();
  CHECK(!wanted(silent.state, StoreConfiguration{1}));
}

TEST_CASE("import: a pause stops it, and it goes on from there") {
  Walk walk = linked();
  walk.go(page(Entity::company_info, 1, true));
  walk.go(PausePressed{});
  CHECK(walk.is<Failed>().reason == Stopped::paused);
  CHECK(walk.refused(PausePressed{}) == Refusal::no_import);
  walk.go(ResumePressed{});
  CHECK(walk.is<Running>().progress.front().finished);
}

TEST_CASE("import: what was imported before stays in use until a new import is done") {
  Walk walk = ready();
  const auto before = walk.is<Done>();
  walk.go(import_anew());
  REQUIRE(walk.is<Running>().before);
  CHECK(walk.is<Running>().before->progress == before.progress);
  walk.go(ImportFailed{2, Stopped::incomplete});
  CHECK(walk.is<Failed>().before);
  walk.go(ResumePressed{});
  CHECK(walk.is<Running>().before);
  walk.go(CancelImportPressed{});
  CHECK(walk.is<Done>() == before);
  CHECK(walk.refused(CancelImportPressed{}) == Refusal::no_import);
}

TEST_CASE("import: the first one that is given up leaves nothing") {
  Walk walk = linked();
  walk.go(CancelImportPressed{});
  walk.is<None>();
}

TEST_CASE("import: a list that was left out is read by itself, when somebody wants it") {
  Walk walk = ready();
  CHECK(walk.refused(RetryListPressed{Entity::term}) == Refusal::list_not_left_out);
  walk.go(ImportPressed{{Entity::term, Entity::item}});
  walk.go(ListRefused{2, Entity::term, LeftOut::not_read});
  CHECK(walk.refused(RetryListPressed{Entity::term}) == Refusal::import_running);
  walk.go(page(Entity::item, 3, true, 2));
  walk.go(RetryListPressed{Entity::term});
  const auto progress = walk.is<Running>().progress;
  CHECK_FALSE(progress[0].finished);
  CHECK(progress[1].finished);
  walk.go(page(Entity::term, 1, true, 3));
  CHECK(lists_left_out(imports::State{walk.is<Done>(), 3}).empty());
}

TEST_CASE("import: a list can be skipped before its turn, and all of them are no import") {
  Walk walk = ready();
  walk.go(ImportPressed{{Entity::term, Entity::item}});
  walk.go(SkipListPressed{Entity::item});
  CHECK(walk.refused(SkipListPressed{Entity::item}) == Refusal::list_read);
  walk.go(page(Entity::term, 1, true, 2));
  CHECK(walk.is<Done>().progress.back().left_out == LeftOut::skipped);
  walk.go(ImportPressed{{Entity::term}});
  walk.go(SkipListPressed{Entity::term});
  CHECK(walk.is<Failed>().reason == Stopped::refused);
}

TEST_CASE("import: reading a list once more is a sign of life, and no page comes twice") {
  Walk walk = linked();
  walk.go(page(Entity::company_info, 2, false));
  CHECK(walk.refused(page(Entity::company_info, 2, false)) == Refusal::out_of_order);
  auto again = page(Entity::company_info, 2, false);
  again.read_again = 1;
  again.set_aside = 3;
  again.mended = 1;
  walk.go(again);
  CHECK(walk.refused(again) == Refusal::out_of_order);
  const auto at = walk.is<Running>().progress.front();
  CHECK(at.read_again == 1);
  CHECK(at.set_aside == 3);
  CHECK(at.mended == 1);
}

}  // namespace rekey::test::import_save_test
