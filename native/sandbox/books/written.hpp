// What was written to a company, over what was made of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "native/sandbox/schema/entity.hpp"

namespace rekey::sandbox {

/// What is kept, and told by `cdc`, of a record that is gone.
nlohmann::json deletion_of(const std::string& id, Instant at);
bool is_deletion(const nlohmann::json& record);

/// Records by kind and id, each as it was last written. Thread-safe.
class Written {
 public:
  /// `is_new`: no made record has this id; new ones keep the order they came in.
  void put(Entity entity, const nlohmann::json& record, bool is_new, Instant at);
  std::optional<nlohmann::json> find(Entity entity, std::string_view id) const;
  bool has(Entity entity, std::string_view id) const;
  /// Whether the last that was written of it is that it is gone (`deletion_of`).
  bool gone(Entity entity, std::string_view id) const;
  bool any_gone(Entity entity) const;
  /// Whether anything of this kind was ever written: most companies answer no, and quickly.
  bool any(Entity entity) const;

  std::uint64_t added(Entity entity) const;
  nlohmann::json added_at(Entity entity, std::uint64_t position) const;
  std::optional<std::uint64_t> position_of(Entity entity, std::string_view id) const;

  /// Written at or after an instant, the earliest first; at most `limit`.
  std::vector<nlohmann::json> since(Entity entity, Instant from, std::size_t limit) const;
  /// The id of the record of a kind that has this text (whatever its case) as `property`.
  std::optional<std::string> with_text(Entity entity, const char* property,
                                       std::string_view text) const;
  /// Goes up with every change of a kind.
  std::uint64_t revision(Entity entity) const;

 private:
  struct Row {
    nlohmann::json record;
    Instant at{};
    std::optional<std::uint64_t> position;  ///< of an added one
  };
  struct Kind {
    std::map<std::string, Row, std::less<>> rows;
    std::vector<std::string> added;
    std::uint64_t gone = 0;      ///< how many of the rows are deletions
    std::uint64_t revision = 0;  ///< how often something was put
  };
  const Kind* kind(Entity entity) const;

  mutable std::shared_mutex mutex_;
  std::map<Entity, Kind> kinds_;
};

}  // namespace rekey::sandbox
