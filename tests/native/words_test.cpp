// The sentences of the backend for hosts and operators.
#include "native/words/words.hpp"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "core/connect/state.hpp"
#include "core/refusal.hpp"
#include "core/wire/fields.hpp"

namespace rekey::words_test {

namespace {

/// What the code completes, and with what.
std::set<std::string> completed_ids() {
  std::set<std::string> out;
  for (const auto name : names_of(connect::Ended{})) out.insert("no_grant." + std::string(name));
  for (const char* reason : {"legacy", "disconnecting", "disconnected", "not_connected"})
    out.insert(std::string("no_grant.") + reason);
  for (const char* hindrance : {"misconfigured", "ending_stopped", "rights_lost", "company_lapsed"})
    out.insert(std::string("health.") + hindrance);
  for (const char* code : {"key_missing", "key_unknown"}) out.insert(code);
  return out;
}

/// The sources that speak, in one text.
std::string sources() {
  std::stringstream out;
  const auto add = [&](const std::filesystem::path& path) {
    if (path.extension() == ".cpp") out << std::ifstream(path).rdbuf() << '\n';
  };
  const std::filesystem::path native = std::string(REKEY_SOURCE_DIR) + "/native";
  for (const char* folder : {"server", "work", "intuit"})
    for (const auto& each : std::filesystem::directory_iterator(native / folder)) add(each.path());
  add(native / "app.cpp");
  return out.str();
}

std::set<std::string> names_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    out.insert((*at)[1]);
  return out;
}

}  // namespace

TEST_CASE("words: every sentence that the code names is there", "[words]") {
  const auto named = names_in(sources(), std::regex("words::say\\(\\s*\"([a-z_.]+)\""));
  REQUIRE(named.size() > 60);
  for (const auto& id : named) {
    INFO(id);
    // Beginnings that the code completes end with a dot.
    CHECK((id.ends_with(".") || words::catalogue().has(id)));
  }
  for (const auto& id : completed_ids()) {
    INFO(id);
    CHECK(words::catalogue().has(id));
  }
}

TEST_CASE("words: every sentence is used, and each of its places has a value where it is said",
          "[words]") {
  const auto code = sources();
  const auto completed = completed_ids();
  const std::regex place("\\{([a-z_]+)\\}"), value("\\{\"([a-z_]+)\",");
  for (const auto& [id, text] : words::catalogue().all()) {
    INFO(id);
    if (completed.contains(id)) {
      CHECK(names_in(text, place).empty());
      continue;
    }
    const auto at = code.find("\"" + id + "\"");
    REQUIRE(at != code.npos);
    const auto given = names_in(code.substr(at, code.find(';', at) - at), value);
    for (const auto& each : names_in(text, place)) {
      INFO(each);
      CHECK(given.contains(each));
    }
  }
}

TEST_CASE("words: a sentence is the host's or the page's, and refusals are the page's", "[words]") {
  const auto page = text::Catalogue::english();
  for (const auto& [id, text] : words::catalogue().all()) {
    INFO(id);
    CHECK_FALSE(page.has(id));
    CHECK_FALSE(text.empty());
  }
  CHECK(words::of_refusal(Refusal::import_running) == page.say("refused.import_running"));
}

}  // namespace rekey::words_test
