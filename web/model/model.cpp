#include "web/model/model.hpp"

#include <algorithm>

#include "core/text/bidi.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

/// Whether the person is on the way to a first connection: then the tile stays open whatever comes
/// of it.
bool connecting_from_nothing(const connect::State& state) {
  return std::visit(
      [](const auto& phase) {
        if constexpr (requires { phase.from; })
          return std::holds_alternative<connect::Unlinked>(phase.from);
        else
          return false;
      },
      state.phase);
}

}  // namespace

Instant Model::now() const {
  return from_ms(platform::now_ms()) + clock;
}

std::string Model::host() const {
  return page.host.empty() ? say("host.unknown") : page.host;
}

std::string Model::way_back() const {
  const auto url = page.return_url.value_or("");
  // The backend has checked it; what is no address of the web is not followed all the same.
  const bool web = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
  return web ? url : "";
}

std::string Model::person() const {
  return page.user ? page.user->name : "";
}

std::string firm_and_person(const std::string& firm, const std::string& person) {
  if (person.empty()) return firm;
  return beside_others(firm) + " · " + beside_others(person);
}

void take(Model& model, std::int64_t seq, const State& state,
          const std::vector<wire::Notice>& notices) {
  auto& all = model.page.notices;
  for (const auto& each : notices) {
    // The same notice may come with an answer and again with the stream.
    const bool known = std::any_of(all.begin(), all.end(), [&](const wire::Notice& other) {
      return other.seq == each.seq && other.note == each.note;
    });
    if (!known) all.push_back(each);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.seq > b.seq; });
  if (all.size() > 100) all.resize(100);
  if (seq < model.page.seq) return;
  model.page.seq = seq;
  model.page.state = state;
  if (connecting_from_nothing(state.connect)) model.tile_open = true;
  if (std::holds_alternative<connect::Disconnecting>(state.connect.phase) ||
      std::holds_alternative<connect::Linked>(state.connect.phase))
    model.tile_open = false;
  model.estimate.observe(state.import, model.now());
}

const rekey::text::Catalogue& texts() {
  static rekey::text::Catalogue catalogue;
  static int turn = -1;
  if (const int now = platform::language_turn(); now != turn) {
    turn = now;
    // What cannot be read shows the ids, so that a gap is seen.
    catalogue = rekey::text::Catalogue::read(platform::words(), platform::language())
                    .value_or(rekey::text::Catalogue{});
  }
  return catalogue;
}

std::string beside_others(std::string_view name) {
  const bool must =
      rekey::text::is_right_to_left(texts().language()) || rekey::text::turns_around(name);
  return must ? rekey::text::isolated(name) : std::string(name);
}

std::string say(std::string_view id, const Values& values) {
  const auto& words = texts();
  const bool none = std::none_of(values.begin(), values.end(), [&](const auto& value) {
    return rekey::text::turns_around(value.second);
  });
  if (none && !rekey::text::is_right_to_left(words.language())) return words.say(id, values);
  auto apart = values;
  for (auto& [name, value] : apart)
    if (name != "count") value = rekey::text::isolated(value);
  return words.say(id, apart);
}

std::string listed(const std::vector<std::string>& names) {
  std::vector<std::string> apart;
  for (const auto& each : names) apart.push_back(beside_others(each));
  return platform::format_list(apart);
}

std::string words_of(const wire::Problem& problem) {
  if (problem.code.empty()) return {};
  const auto id = problem.message.value_or("");
  if (texts().has(id)) {
    const Values values(problem.values.begin(), problem.values.end());
    return say(id, values);
  }
  if (problem.status == 429) return say("problem.too_often");
  return say(problem.status >= 500 ? "trouble.fault" : "problem.unusable");
}

std::string number(std::int64_t value) {
  return platform::format_number(static_cast<double>(value));
}

Values counted(std::int64_t value) {
  return {{"count", std::to_string(value)}, {"n", number(value)}};
}

std::string day(Instant at) {
  return platform::format_date(to_ms(at), false);
}

std::string day_and_time(Instant at) {
  return platform::format_date(to_ms(at), true);
}

}  // namespace rekey::web
