#include "native/sandbox/books/company.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

TaxRegime regime_of(std::uint64_t seed) {
  return mix(seed, 181) % 2 == 0 ? TaxRegime::vat : TaxRegime::sales_tax;
}

/// Calls `name` with every reference of a record and the kind that it points to.
template <class Name>
void each_reference(Entity entity, json& record, const Name& name) {
  for (auto& [key, value] : record.items()) {
    const Property* property = property_named(entity, key);
    if (property && property->target && value.is_object()) name(*property->target, value);
  }
}

void name_after(const json& record, json& reference) {
  for (const char* name : {"FullyQualifiedName", "DisplayName", "Name"}) {
    if (!record.contains(name)) continue;
    reference["name"] = record[name];
    return;
  }
}

}  // namespace

std::optional<CompanySpec> parse_company(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == text.npos || colon + 1 == text.size()) return std::nullopt;
  // The id becomes part of addresses.
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), fits))
    return std::nullopt;
  CompanySpec spec{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  // A name may hold colons; only a whole number after the last one is a size.
  const auto last = spec.name.rfind(':');
  if (last == std::string::npos) return spec;
  const auto size = whole_number(std::string_view(spec.name).substr(last + 1));
  if (!size) return spec;
  spec.size = *size;
  spec.name.resize(last);
  if (spec.name.empty() || *size > 10'000'000) return std::nullopt;
  return spec;
}

Company::Company(CompanySpec spec)
    : spec_(std::move(spec)),
      people_(seed_of(spec_.id), spec_.size),
      state_(std::make_unique<State>()) {}

const Books& Company::books() const {
  std::call_once(state_->has_books, [this] { make_books(); });
  return state_->books;
}

void Company::make_books() const {
  const std::uint64_t seed = seed_of(spec_.id);
  Books& made = state_->books;
  made = made_books(seed, spec_.name, regime_of(seed), spec_.items);
  // The lists point to each other only, and are not to be asked for before they are complete.
  const auto name = [&made](Entity target, json& reference) {
    const auto list = made.find(target);
    if (list == made.end()) return;
    for (const auto& record : list->second)
      if (record["Id"] == reference.value("value", "")) return name_after(record, reference);
  };
  for (auto& [entity, records] : made)
    for (auto& record : records) each_reference(entity, record, name);
}

void Company::name_references(Entity entity, json& record) const {
  each_reference(entity, record, [this](Entity target, json& to) { name_reference(target, to); });
}

void Company::name_reference(Entity target, json& reference) const {
  if (const auto row = row_of(target, reference.value("value", "")))
    name_after(read(target, *row), reference);
}

std::uint64_t Company::made_rows(Entity entity) const {
  if (entity == Entity::customer) return people_.customers();
  if (entity == Entity::vendor) return people_.vendors();
  return books().at(entity).size();
}

std::uint64_t Company::rows(Entity entity) const {
  return made_rows(entity) + state_->written.added(entity);
}

std::string Company::id_of(Entity entity, std::uint64_t row) const {
  if (const std::uint64_t before = made_rows(entity); row >= before)
    return state_->written.added_at(entity, row - before)["Id"];
  if (entity == Entity::customer) return std::to_string(row + 1);
  // Customers and vendors are numbered in one row of ids, as Intuit's name lists are.
  if (entity == Entity::vendor) return std::to_string(people_.customers() + row + 1);
  return books().at(entity)[row]["Id"].get<std::string>();
}

json Company::made(Entity entity, std::uint64_t row) const {
  if (entity != Entity::customer && entity != Entity::vendor) return books().at(entity)[row];
  const bool customer = entity == Entity::customer;
  json record = customer ? people_.customer(row) : people_.vendor(row);
  name_reference(Entity::term, record[customer ? "SalesTermRef" : "TermRef"]);
  return record;
}

bool Company::active(Entity entity, std::uint64_t row) const {
  const Written& written = state_->written;
  if (written.any(entity)) {
    const std::uint64_t before = made_rows(entity);
    if (row >= before) return written.added_at(entity, row - before).value("Active", true);
    if (const auto changed = written.find(entity, id_of(entity, row)))
      return changed->value("Active", true);
  }
  return made_active(entity, row);
}

bool Company::made_active(Entity entity, std::uint64_t row) const {
  if (entity == Entity::customer) return people_.customer_active(row);
  if (entity == Entity::vendor) return people_.vendor_active(row);
  return books().at(entity)[row].value("Active", true);
}

json Company::read(Entity entity, std::uint64_t row) const {
  const Written& written = state_->written;
  if (!written.any(entity)) return made(entity, row);
  const std::uint64_t before = made_rows(entity);
  json record;
  if (row >= before)
    record = written.added_at(entity, row - before);
  else if (auto changed = written.find(entity, id_of(entity, row)))
    record = std::move(*changed);
  else
    record = made(entity, row);
  // A parent may have been given another name since.
  if (record.contains("ParentRef") && record.contains("FullyQualifiedName")) {
    const auto parent = row_of(entity, record["ParentRef"].value("value", ""));
    const char* own = record.contains("DisplayName") ? "DisplayName" : "Name";
    if (parent && *parent != row) {
      const std::string above = read(entity, *parent)["FullyQualifiedName"];
      record["FullyQualifiedName"] = above + ":" + record[own].get<std::string>();
    }
  }
  return record;
}

std::optional<std::uint64_t> Company::row_of(Entity entity, std::string_view id) const {
  if (state_->written.gone(entity, id)) return std::nullopt;
  if (const auto position = state_->written.position_of(entity, id))
    return made_rows(entity) + *position;
  if (entity == Entity::customer || entity == Entity::vendor) {
    const std::uint64_t first = entity == Entity::customer ? 1 : people_.customers() + 1;
    const auto number = whole_number(id);
    if (!number || *number < first || *number >= first + made_rows(entity)) return std::nullopt;
    if (id.front() == '0') return std::nullopt;
    return *number - first;
  }
  const auto& list = books().at(entity);
  // Most lists are numbered from 1, and may be long.
  const auto place = whole_number(id);
  if (place && *place > 0 && *place <= list.size() && list[*place - 1]["Id"] == id)
    return *place - 1;
  for (std::size_t row = 0; row < list.size(); ++row)
    if (list[row]["Id"] == id) return row;
  return std::nullopt;
}

bool Company::gone(Entity entity, std::uint64_t row) const {
  return state_->written.any_gone(entity) && state_->written.gone(entity, id_of(entity, row));
}

bool Company::is_as_made(Entity entity, std::uint64_t row) const {
  if (row >= made_rows(entity)) return false;
  return !state_->written.any(entity) || !state_->written.has(entity, id_of(entity, row));
}

std::string Company::text(Entity entity, std::uint64_t row, std::string_view property) const {
  if (property == "Id") return id_of(entity, row);
  const bool person = entity == Entity::customer || entity == Entity::vendor;
  if (person && property == "DisplayName" && is_as_made(entity, row)) {
    const bool shown = made_active(entity, row);
    return made_display(entity, row) + (shown ? "" : std::string(inactive_suffix));
  }
  return property_text(read(entity, row), property);
}

std::optional<Instant> Company::time(Entity entity, std::uint64_t row,
                                     std::string_view property) const {
  const bool person = entity == Entity::customer || entity == Entity::vendor;
  const bool updated = property == "MetaData.LastUpdatedTime";
  if (!person || !(updated || property == "MetaData.CreateTime") || !is_as_made(entity, row))
    return std::nullopt;
  const Stamp stamp = people_.stamp(entity == Entity::customer, row);
  return updated ? stamp.updated : stamp.created;
}

std::string Company::next_id(Entity entity) const {
  const bool person = entity == Entity::customer || entity == Entity::vendor;
  std::uint64_t last = people_.customers() + people_.vendors();
  std::uint64_t added = 0;
  if (person) {
    added = state_->written.added(Entity::customer) + state_->written.added(Entity::vendor);
  } else {
    last = 0;
    for (const auto& record : books().at(entity))
      last = std::max(last, whole_number(record["Id"].get<std::string>()).value_or(0));
    added = state_->written.added(entity);
  }
  return std::to_string(last + added + 1);
}

void Company::put(Entity entity, const json& record, Instant at) {
  const auto id = record.at("Id").get<std::string>();
  const auto row = row_of(entity, id);
  state_->written.put(entity, record, !row || *row >= made_rows(entity), at);
  if (!state_->keep) return;
  const std::string kind(entity_name(entity));
  state_->keep("written", spec_.id + "/" + kind + "/" + id,
               {{"realm", spec_.id}, {"entity", kind}, {"at", to_ms(at)}, {"record", record}});
}

void Company::write(Entity entity, const json& record, Instant at) {
  const auto id = record.at("Id").get<std::string>();
  const bool is_new = !row_of(entity, id);
  put(entity, record, at);
  if (state_->tell)
    state_->tell({spec_.id, entity, id, is_new ? Deed::created : Deed::updated, {}, at});
}

void Company::remove(Entity entity, const std::string& id, Instant at, const std::string& into) {
  put(entity, deletion_of(id, at), at);
  if (!state_->tell) return;
  state_->tell({spec_.id, entity, id, Deed::deleted, {}, at});
  if (!into.empty()) state_->tell({spec_.id, entity, into, Deed::merged, id, at});
}

void Company::restore(const json& body) {
  const auto entity = entity_named(body.at("entity").get<std::string>());
  if (entity) put(*entity, body.at("record"), from_ms(body.at("at")));
}

std::string Company::made_display(Entity entity, std::uint64_t row) const {
  return entity == Entity::customer ? people_.customer_display(row) : people_.vendor_display(row);
}

void Company::name_them() const {
  auto& names = state_->names;
  names.reserve(people_.customers() + people_.vendors());
  for (const Entity entity : {Entity::customer, Entity::vendor})
    for (std::uint64_t row = 0; row < made_rows(entity); ++row)
      if (made_active(entity, row)) names.push_back(seed_of(lower_case(made_display(entity, row))));
  std::sort(names.begin(), names.end());
}

std::optional<std::string> Company::person_called(std::string_view display) const {
  for (const Entity entity : {Entity::customer, Entity::vendor})
    if (auto id = state_->written.with_text(entity, "DisplayName", display)) return id;
  // Eight bytes a name are kept, so that looking through all of them is for the rare case only.
  std::call_once(state_->named, [this] { name_them(); });
  const auto hash = seed_of(lower_case(display));
  if (!std::binary_search(state_->names.begin(), state_->names.end(), hash)) return std::nullopt;
  for (const Entity entity : {Entity::customer, Entity::vendor})
    for (std::uint64_t row = 0; row < made_rows(entity); ++row) {
      if (!same_ignoring_case(made_display(entity, row), display)) continue;
      // One that was written since is known by what was written.
      const std::string id = id_of(entity, row);
      if (made_active(entity, row) && !state_->written.find(entity, id)) return id;
    }
  return std::nullopt;
}

}  // namespace rekey::sandbox
