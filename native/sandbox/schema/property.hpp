// What the records of the accounting API are made of: which properties there are, of what shape,
// and who may set them (from the schema of the accounting API, version 3).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "native/sandbox/schema/entity.hpp"

namespace rekey::sandbox {

enum class Shape { text, flag, number, object, list, reference };

struct Property {
  std::string_view name;
  Shape shape = Shape::text;
  std::size_t longest = 0;  ///< characters of a text; 0: as many as one likes
  /// A property that the service works out itself; what a client sends of it is not looked at.
  bool computed = false;
  std::optional<Entity> target = std::nullopt;  ///< what a reference must point to, if we have it
};

/// A property of a kind, spelt exactly, as JSON is; nothing if it has none of this name.
const Property* property_named(Entity entity, std::string_view name);

/// The values that a property may have; empty where it may be anything.
std::span<const std::string_view> values_of(Entity entity, std::string_view property);

/// What may be done to a kind beside reading it.
enum class Writing { none, update_only, create_and_update };
Writing writing_of(Entity entity);

}  // namespace rekey::sandbox
