// The kinds of record that the sandbox's accounting API knows, and what may be asked of each.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/import/entity.hpp"

namespace rekey::sandbox {

using imports::Entity;

/// Every kind.
std::span<const Entity> all_entities();

/// As it is written in answers: "TaxCode".
std::string_view entity_name(Entity entity);

/// Whichever case it is written in; Intuit's documents say that the case matters, clients that are
/// widely used write it small all the same.
std::optional<Entity> entity_named(std::string_view name);

/// A property that a query may put into WHERE or ORDERBY, spelt as in answers; nothing if the
/// entity has no such property or it cannot be filtered by.
std::optional<std::string_view> filterable(Entity entity, std::string_view property);

}  // namespace rekey::sandbox
