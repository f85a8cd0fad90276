// The answers to writes that may be sent twice.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// A write that was begun before under the same Idempotency-Key. `status` none: it is being carried
/// out.
struct EarlierWrite {
  std::string request;  ///< digest of what was asked
  std::optional<int> status;
  std::string content_type, body;
};
/// Notes that a write begins, and gives none; or what there is of an earlier one. Forgets those
/// before `too_old`, and takes over one that was begun before `lost` and never ended.
std::optional<EarlierWrite> begin_write(Database& db, const std::string& key, const std::string& id,
                                        const std::string& request, Instant now, Instant too_old,
                                        Instant lost);
/// Keeps its answer, unless something was deleted meanwhile: the answer may name it, so it is
/// forgotten like one that never came.
void end_write(Database& db, const std::string& key, const std::string& id, int status,
               const std::string& content_type, const std::string& body);
/// For a deletion, in its transaction: of writes that are being carried out no answer is kept.
void keep_no_answers_under_way(Database& db);
/// Nothing came of it: it may be tried again.
void forget_write(Database& db, const std::string& key, const std::string& id);

}  // namespace rekey::store
