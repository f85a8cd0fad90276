#include "native/sandbox/control/fault_rows.hpp"

#include <algorithm>

#include "native/sandbox/books/moving.hpp"
#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/schema/query_tokens.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::string_view kinds_of_rows[] = {
    "rows_move",  "ignore_orderby", "ignore_startposition",
    "wrong_case", "short_page",     "bad_records"};

// They stand for what JSON cannot hold until it is text.
constexpr std::string_view half_emoji = "(half-an-emoji)", bad_byte = "(a-byte-alone)";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// From which token on a part of a query reaches, and to where: `[first, last)`.
struct Part {
  std::size_t first, last;
};

bool is_word(const Token& token, std::string_view word) {
  return token.kind == TokenKind::word && same_ignoring_case(token.text, word);
}

/// Where in the tokens a query is ordered, or begins at a position; nothing if it is not said.
std::optional<Part> part_of(const std::vector<Token>& tokens, bool ordering) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!ordering && is_word(tokens[i], "STARTPOSITION")) return Part{i, i + 2};
    if (!ordering || !(is_word(tokens[i], "ORDERBY") || is_word(tokens[i], "ORDER"))) continue;
    std::size_t last = i + 1;
    while (tokens[last].kind != TokenKind::end && !is_word(tokens[last], "STARTPOSITION") &&
           !is_word(tokens[last], "MAXRESULTS"))
      ++last;
    return Part{i, last};
  }
  return std::nullopt;
}

std::string without_part(const std::string& query, bool ordering) {
  const auto tokens = tokenize(query);
  const auto part = part_of(tokens, ordering);
  if (!part || part->last >= tokens.size()) return query;
  // Columns count from 1, and that of the end is behind the last character.
  const auto from = tokens[part->first].column - 1, to = tokens[part->last].column - 1;
  return query.substr(0, from) + query.substr(std::min(to, query.size()));
}

/// Calls `spoil` with each list of records in an answer: of a query, a batch or `cdc`.
template <class Spoil>
void each_list(json& answer, const Spoil& spoil) {
  if (!answer.is_object() && !answer.is_array()) return;
  if (const auto found = answer.find("QueryResponse"); found != answer.end()) {
    if (found->is_object()) spoil(*found);
    if (found->is_array())
      for (auto& block : *found) spoil(block);
    return;
  }
  for (auto& inside : answer) each_list(inside, spoil);
}

/// The name of the list in a response; "" if it has none.
std::string list_in(const json& response) {
  for (const auto& [name, value] : response.items())
    if (value.is_array()) return name;
  return "";
}

void name_in_wrong_case(json& response) {
  const std::string name = list_in(response);
  if (name.empty()) return;
  json rows = std::move(response[name]);
  response.erase(name);
  response[lower_case(name)] = std::move(rows);
}

void shorten(json& response) {
  const std::string name = list_in(response);
  if (name.empty()) return;
  json& rows = response[name];
  const auto kept = (rows.size() + 1) / 2;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end());
  if (response.contains("maxResults")) response["maxResults"] = kept;
}

void spoil_record(json& record, std::string_view bad) {
  const char* name = record.contains("DisplayName") ? "DisplayName" : "Name";
  const std::string called = record.value(name, "");
  if (bad == "null_row") {
    record = nullptr;
  } else if (bad == "no_id") {
    record.erase("Id");
  } else if (bad == "no_name") {
    for (const char* each : {name, "FullyQualifiedName", "PrintOnCheckName"}) record.erase(each);
  } else if (bad == "half_emoji") {
    record[name] = called + std::string(half_emoji);
  } else if (bad == "bad_byte") {
    record[name] = called + std::string(bad_byte);
  } else if (bad == "long_name") {
    record[name] = called + std::string(500 - std::min<std::size_t>(called.size(), 500), 'x');
  } else if (bad == "number") {
    for (const char* each : {name, "FullyQualifiedName", "GivenName", "CompanyName", "Sku"})
      if (record.contains(each)) record[each] = 4711;
  }
}

/// Which records are bad follows from their ids, so that one is bad wherever it is read.
void spoil_records(const FaultRule& rule, json& response) {
  const auto kinds = names_in(rule.bad, bad_names);
  const std::string name = list_in(response);
  if (name.empty()) return;
  for (json& record : response[name]) {
    if (!record.is_object() || is_deletion(record)) continue;
    const auto dice = mix(rule.seed, seed_of(record.value("Id", "")));
    if (dice % static_cast<std::uint64_t>(rule.every) == 0)
      spoil_record(record, kinds[mix(dice, 1) % kinds.size()]);
  }
}

}  // namespace

bool is_of_rows(std::string_view kind) {
  return std::find(std::begin(kinds_of_rows), std::end(kinds_of_rows), kind) !=
         std::end(kinds_of_rows);
}

http::Request as_understood(const FaultRule& rule, http::Request request) {
  const bool ordering = rule.kind == "ignore_orderby";
  if (!ordering && rule.kind != "ignore_startposition") return request;
  if (request.method == "POST") {
    request.body = without_part(request.body, ordering);
    return request;
  }
  std::string query;
  for (const auto& [name, value] : http::parse_form(request.query))
    query += (query.empty() ? "" : "&") + http::percent_encode(name) + "=" +
             http::percent_encode(name == "query" ? without_part(value, ordering) : value);
  request.query = query;
  return request;
}

http::Response spoil_rows(const FaultRule& rule, http::Response answer) {
  const bool wrong_case = rule.kind == "wrong_case", is_short = rule.kind == "short_page";
  if (!wrong_case && !is_short && rule.kind != "bad_records") return answer;
  json body = parse_json(answer.body);
  if (!body.is_object()) return answer;
  each_list(body, [&](json& response) {
    if (!response.is_object()) return;
    if (wrong_case)
      name_in_wrong_case(response);
    else if (is_short)
      shorten(response);
    else
      spoil_records(rule, response);
  });
  answer.body = json_text(body);
  replace_all(answer.body, half_emoji, "\\ud83c");
  replace_all(answer.body, bad_byte, "\xff");
  return answer;
}

void move_rows(const FaultRule& rule, const http::Request& request, Companies& companies,
               Instant now) {
  constexpr std::string_view query = "query.";
  const std::string route = routes_of(request).back();
  Company* company = companies.find(realm_of(request));
  if (!company || !route.starts_with(query)) return;
  const auto entity = entity_named(route.substr(query.size()));
  const auto moves = names_in(rule.moves, row_move_names);
  for (std::int64_t i = 0; entity && i < rule.rows; ++i) {
    const auto dice = mix(rule.seed, rule.met, static_cast<std::uint64_t>(i));
    const auto move = row_move_named(moves[dice % moves.size()]);
    if (move) move_row(*company, *entity, *move, dice, now);
  }
}

}  // namespace rekey::sandbox
