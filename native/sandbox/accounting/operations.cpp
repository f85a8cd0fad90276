#include "native/sandbox/accounting/operations.hpp"

#include <algorithm>

#include "native/sandbox/accounting/xml.hpp"
#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/query_run.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/letters.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::size_t most_changes = 1000;
constexpr std::size_t most_items = 30;
constexpr Millis changes_are_kept = std::chrono::hours{24 * 30};

ApiFault missing(const std::string& name) {
  return validation("2020", "Required param missing, need to supply the required value",
                    "Required parameter " + name + " is missing in the request", name);
}

tl::expected<std::vector<Entity>, ApiFault> entities_in(const std::string& list) {
  std::vector<Entity> out;
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const auto entity = entity_named(name);
    if (!entity)
      return tl::unexpected(validation("4001", "Invalid query",
                                       "Metadata not found for Entity " + std::string(name),
                                       "entities"));
    if (std::find(out.begin(), out.end(), *entity) == out.end()) out.push_back(*entity);
  }
  if (out.empty()) return tl::unexpected(missing("entities"));
  return out;
}

/// The kind of record that an item of a batch carries.
const std::string* record_in(const json& item, std::optional<Entity>& entity) {
  for (auto member = item.begin(); member != item.end(); ++member) {
    if (!member->is_object()) continue;
    entity = entity_named(member.key());
    if (entity) return &member.key();
  }
  return nullptr;
}

OperationResult run_item(Company& company, const json& item, Instant now) {
  if (!item.is_object()) return tl::unexpected(missing("bId"));
  if (const auto query = item.find("Query"); query != item.end() && query->is_string())
    return run_query_text(company, query->get<std::string>(), now);
  std::optional<Entity> entity;
  const std::string* name = record_in(item, entity);
  if (!name) return tl::unexpected(missing("Query or a record"));
  const std::string operation = item.contains("operation") && item["operation"].is_string()
                                    ? item["operation"].get<std::string>()
                                    : "";
  if (!same_ignoring_case(operation, "create") && !same_ignoring_case(operation, "update"))
    return tl::unexpected(operation.empty() ? missing("operation")
                                            : unsupported(operation + " of " + *name));
  auto record = write_record(company, *entity, item[*name], now);
  if (!record) return record;
  return json{{std::string(entity_name(*entity)), std::move(*record)}};
}

}  // namespace

OperationResult run_query_text(const Company& company, std::string_view text, Instant now) {
  if (text.empty()) return tl::unexpected(missing("query"));
  const auto fault_of = [](const QueryFault& fault) {
    return tl::unexpected(validation(
        fault.code, fault.code == "4000" ? "Error parsing query" : "Invalid query", fault.detail));
  };
  const auto parsed = parse_query(text, now);
  if (!parsed) return fault_of(parsed.error());
  auto answer = run_query(company, *parsed);
  if (!answer) return fault_of(answer.error());
  return json{{"QueryResponse", std::move(*answer)}};
}

OperationResult read_record(const Company& company, Entity entity, const std::string& id) {
  std::optional<std::uint64_t> row;
  if (entity == Entity::preferences) row = 0;
  // CompanyInfo is asked for by the company's own id, though its record says "1".
  else if (entity == Entity::company_info) {
    if (id == company.spec().id || id == "1") row = 0;
  } else {
    row = company.row_of(entity, id);
  }
  if (!row) return tl::unexpected(not_found(std::string(entity_name(entity))));
  return json{{std::string(entity_name(entity)), company.read(entity, *row)}};
}

OperationResult changed_since(const Company& company, const std::string& entities,
                              const std::string& since, Instant now) {
  if (since.empty()) return tl::unexpected(missing("changedSince"));
  auto kinds = entities_in(entities);
  if (!kinds) return tl::unexpected(kinds.error());
  const auto from = parse_time(since);
  if (!from)
    return tl::unexpected(validation("2010", "Request has invalid or unsupported property",
                                     "changedSince is not a date or a time", "changedSince"));
  if (*from < now - changes_are_kept)
    return tl::unexpected(validation("4001", "Invalid query",
                                     "changedSince is more than 30 days ago: what changed before "
                                     "is not kept",
                                     "changedSince"));
  json blocks = json::array();
  std::size_t room = most_changes;
  for (auto kind = kinds->rbegin(); kind != kinds->rend(); ++kind) {
    auto records = company.written().since(*kind, *from, room);
    room -= records.size();
    json block = json::object();
    if (!records.empty()) {
      block["startPosition"] = 1;
      block["maxResults"] = records.size();
      block["totalCount"] = records.size();
      block[std::string(entity_name(*kind))] = std::move(records);
    }
    blocks.push_back(std::move(block));
  }
  json answer = json::object();
  answer["QueryResponse"] = std::move(blocks);
  return json{{"CDCResponse", json::array({std::move(answer)})}};
}

OperationResult run_batch(Company& company, const std::string& body, Instant now) {
  const json sent = is_xml(body) ? batch_from_xml(body) : parse_json(body);
  const auto items = sent.is_object() ? sent.find("BatchItemRequest") : sent.end();
  if (!sent.is_object() || items == sent.end() || !items->is_array())
    return tl::unexpected(missing("BatchItemRequest"));
  if (items->size() > most_items)
    return tl::unexpected(validation("6000", "A business validation error has occurred",
                                     "Business Validation Error: a batch has 30 items at most, "
                                     "this one has " +
                                         std::to_string(items->size())));
  json answers = json::array();
  for (const json& item : *items) {
    auto done = run_item(company, item, now);
    json answer = done ? std::move(*done) : json{{"Fault", fault_body(done.error())}};
    if (item.is_object() && item.contains("bId")) answer["bId"] = item["bId"];
    answers.push_back(std::move(answer));
  }
  return json{{"BatchItemResponse", std::move(answers)}};
}

}  // namespace rekey::sandbox
