#include "native/store/record_fields.hpp"

#include "core/text/catalogue.hpp"
#include "core/wire/json.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

std::string fields_text(const mapping::Record& record) {
  auto json = wire::Json::object();
  std::apply([&](const auto&... each) { (wire::write_field(json, record, each), ...); },
             mapping::Record::details());
  return json.empty() ? std::string() : wire::dump(json);
}

mapping::Record with_fields(mapping::Record record, const std::string& text) {
  if (text.empty()) return record;
  const auto json = wire::parse(text, "A record's fields");
  if (!json) throw DatabaseError(json.error().hint);
  std::string wrong = json->is_object() ? "" : " are not an object";
  const bool read =
      wrong.empty() && std::apply(
                           [&](const auto&... each) {
                             return (wire::read_member(*json, each, record, wrong) && ...);
                           },
                           mapping::Record::details());
  if (!read)
    throw DatabaseError(
        text::fill("a record's fields cannot be read: {wrong}", {{"wrong", wrong}}));
  return record;
}

}  // namespace rekey::store
