#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "web/model/side_by_side.hpp"
#include "web/model/story.hpp"

namespace rekey::web::words_test {

namespace {

/// Every text id that stands whole in the sources of the page.
std::set<std::string> ids_in_sources() {
  std::set<std::string> out;
  const std::regex id("\"([a-z_]+(\\.[a-z_]+)+)\"");
  for (const char* folder : {"/web/view", "/web/model"})
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(REKEY_SOURCE_DIR) + folder)) {
      if (entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      const auto all = text.str();
      for (std::sregex_iterator at(all.begin(), all.end(), id), end; at != end; ++at)
        if ((*at)[1].str().rfind("rekey.", 0) != 0) out.insert((*at)[1]);
    }
  return out;
}

bool has(const std::string& id) {
  return texts().has(id) || (texts().has(id + ".one") && texts().has(id + ".other"));
}

template <class E>
void check_all(const std::string& prefix, const std::string& suffix = "") {
  for (const auto name : names_of(E{})) {
    INFO(prefix << name << suffix);
    CHECK(has(prefix + std::string(name) + suffix));
  }
}

}  // namespace

TEST_CASE("words: every text the page names has its words") {
  const auto ids = ids_in_sources();
  REQUIRE(ids.size() > 80);
  // Beginnings that the code completes: the whole ones are checked below and in the stories.
  const std::set<std::string> beginnings{"linked.empty"};
  for (const auto& id : ids) {
    INFO(id);
    CHECK((has(id) || has(id + ".title") || has(id + ".filter") || beginnings.count(id) > 0));
  }
}

TEST_CASE("words: every reason, note, change and list has its words") {
  check_all<Refusal>("refused.");
  check_all<connect::Failed>("failed.");
  check_all<connect::Ended>("ended.");
  check_all<connect::Hindrance>("hindered.");
  check_all<imports::Stopped>("stopped.");
  check_all<Note>("note.");
  check_all<imports::Entity>("entity.");
  check_all<mapping::Reason>("why.");
  for (const auto name : names_of(mapping::Change{})) {
    // What is new in QuickBooks is no line's.
    if (name == wire::name_of(mapping::Change::target_appeared)) continue;
    INFO(name);
    CHECK(has(std::string("change.").append(name)));
    CHECK(has(std::string("change.").append(name).append(".hint")));
  }
  check_all<mapping::Change>("changes.");
  check_all<mapping::LineFilter>("filter.");
  check_all<wire::SaveProblem>("problem_of.");
  check_all<wire::SaveProblem>("problem_here.");
  check_all<imports::Unfit>("unfit.");
  check_all<wire::Actor::Kind>("actor.");
  check_all<Agreement>("pair.is.");
  for (const char* what : {".title", ".sentence", ".filter", ".search", ".pages", ".none"})
    check_all<mapping::Section>("section.", what);
  for (const char* flaw :
       {"malformed", "no_attempt", "foreign_state", "wrong_issuer", "repeated"}) {
    CHECK(has("callback." + std::string(flaw) + ".title"));
    CHECK(has("callback." + std::string(flaw) + ".text"));
  }
}

}  // namespace rekey::web::words_test
