// Records of the accounting API as XML, both ways.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "native/sandbox/schema/entity.hpp"

namespace rekey::sandbox {

/// A record in XML: a member of an object is an element, of a list a repeated one; what Intuit
/// writes as attributes are attributes.
std::string to_xml(const std::string& name, const nlohmann::json& value);

/// Whether a body is XML, whatever its content type says: JSON never begins with '<'.
bool is_xml(std::string_view body);

/// A record that was sent as XML (`<Customer xmlns="…" sparse="true"><Id>5</Id>…`), in any
/// namespace, as the JSON it stands for; discarded if it does not read, or is of another kind.
nlohmann::json record_from_xml(std::string_view text, Entity entity);

/// A batch (`<IntuitBatchRequest><BatchItemRequest bId="1" operation="create"><Customer>…`), the
/// same way.
nlohmann::json batch_from_xml(std::string_view text);

}  // namespace rekey::sandbox
