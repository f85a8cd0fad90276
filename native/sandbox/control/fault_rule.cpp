// A fault as it is written: in JSON, as it is posted, given on the command line and told.
#include <algorithm>

#include "native/sandbox/books/moving.hpp"
#include "native/sandbox/control/fault.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::string_view whole_numbers[] = {"status", "delay_ms", "count",
                                              "seed",   "rows",     "every"};
constexpr std::string_view made_of_answer[] = {"slow",
                                               "truncated",
                                               "cut_body",
                                               "content_type",
                                               "rows_move",
                                               "ignore_orderby",
                                               "ignore_startposition",
                                               "wrong_case",
                                               "short_page",
                                               "bad_records"};

template <class List>
bool has(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

template <class List>
std::string in_words(const List& list) {
  std::string out;
  for (const std::string_view one : list) out += (out.empty() ? "" : ", ") + std::string(one);
  return out;
}

tl::unexpected<Error> refuse(std::string why) {
  return fail(Code::bad_input, std::move(why));
}

/// Whether the members are known and of their kinds.
Result<void> check_members(const json& text) {
  if (!text.is_object())
    return refuse(
        "A fault is a JSON object, for example {\"route\":\"token\",\"status\":500,\"count\":1}.");
  for (const auto& [key, value] : text.items()) {
    if (has(fault_texts, key)) {
      if (!value.is_string()) return refuse("The \"" + key + "\" of a fault must be a text.");
    } else if (has(whole_numbers, key)) {
      if (!value.is_number_integer())
        return refuse("The \"" + key + "\" of a fault must be a whole number.");
    } else if (key == "probability") {
      if (!value.is_number()) return refuse("The probability of a fault must be a number.");
    } else {
      return refuse("A fault has no \"" + key + "\". It may have " + in_words(fault_texts) + ", " +
                    in_words(whole_numbers) + " and probability.");
    }
  }
  return {};
}

/// Whether each name of a list with commas is known.
Result<void> check_names(const char* member, const std::string& list,
                         std::span<const std::string_view> known) {
  for (const std::string_view name : names_in(list, known))
    if (!has(known, name))
      return refuse("The \"" + std::string(member) +
                    "\" of a fault are names with commas: " + in_words(known) + ".");
  return {};
}

/// Whether what is said of rows makes sense.
Result<void> check_rows(const FaultRule& rule) {
  if (rule.rows < 1 || rule.rows > 1000 || rule.every < 1 || rule.every > 1'000'000)
    return refuse("The rows of a fault are from 1 to 1000, and its every from 1 to a million.");
  if (auto good = check_names("moves", rule.moves, row_move_names); !good) return good;
  return check_names("bad", rule.bad, bad_names);
}

/// Whether the values make sense.
Result<void> check_values(const FaultRule& rule, const std::string& when) {
  if (!has(fault_kinds, rule.kind))
    return refuse("There is no fault of the kind \"" + rule.kind + "\". The kinds are " +
                  in_words(fault_kinds) + ".");
  if ((when != "before" && when != "after") || rule.count == 0)
    return refuse("The when of a fault is before or after, and its count is not 0.");
  if (rule.status < 200 || rule.status > 599 || rule.delay_ms < 0 || rule.delay_ms > 600'000)
    return refuse(
        "The status of a fault is from 200 to 599, and its delay_ms at most ten minutes.");
  if (!(rule.probability >= 0 && rule.probability <= 1))
    return refuse("The probability of a fault is from 0 to 1.");
  if (std::any_of(rule.type.begin(), rule.type.end(), [](char c) { return c < 0x20 || c > 0x7e; }))
    return refuse("The type of a fault is a content type, such as text/html.");
  return check_rows(rule);
}

}  // namespace

std::vector<std::string_view> names_in(std::string_view list,
                                       std::span<const std::string_view> known) {
  if (list.empty()) return {known.begin(), known.end()};
  std::vector<std::string_view> out;
  for (;;) {
    const auto comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    out.push_back(name);
    if (comma == list.npos) return out;
    list.remove_prefix(comma + 1);
  }
}

Result<FaultRule> parse_fault(const json& text) {
  if (auto good = check_members(text); !good) return tl::unexpected(good.error());
  FaultRule rule;
  rule.route = text.value("route", rule.route);
  rule.kind = text.value("kind", rule.kind);
  rule.realm = text.value("realm", rule.realm);
  rule.error = text.value("error", rule.error);
  rule.type = text.value("type", rule.kind == "content_type" ? "text/html;charset=UTF-8" : "");
  rule.delay_ms = text.value("delay_ms", rule.delay_ms);
  rule.count = text.value("count", rule.count);
  rule.seed = text.value("seed", rule.seed);
  rule.moves = text.value("moves", rule.moves);
  rule.bad = text.value("bad", rule.bad);
  rule.rows = text.value("rows", rule.rows);
  rule.every = text.value("every", rule.every);
  rule.probability = text.value("probability", rule.probability);
  // Read wide, so that a number too large is not one that fits.
  const auto status = text.value("status", std::int64_t{rule.kind == "html" ? 200 : rule.status});
  rule.status = status < 0 || status > 599 ? 0 : static_cast<int>(status);
  const std::string when = text.value("when", "before");
  // These are made of the true answer, so it has to be there.
  rule.after = when == "after" || has(made_of_answer, rule.kind);
  if (auto good = check_values(rule, when); !good) return tl::unexpected(good.error());
  return rule;
}

json describe(const FaultRule& rule) {
  json out = {{"id", rule.id},
              {"route", rule.route},
              {"kind", rule.kind},
              {"status", rule.status},
              {"error", rule.error},
              {"count", rule.count},
              {"when", rule.after ? "after" : "before"},
              {"delay_ms", rule.delay_ms}};
  if (!rule.realm.empty()) out["realm"] = rule.realm;
  if (!rule.type.empty()) out["type"] = rule.type;
  if (rule.probability < 1) out["probability"] = rule.probability;
  if (rule.kind == "rows_move") {
    out["moves"] = rule.moves;
    out["rows"] = rule.rows;
  }
  if (rule.kind == "bad_records") {
    out["bad"] = rule.bad;
    out["every"] = rule.every;
  }
  if (rule.probability < 1 || rule.kind == "rows_move" || rule.kind == "bad_records")
    out["seed"] = rule.seed;
  return out;
}

}  // namespace rekey::sandbox
