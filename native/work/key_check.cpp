#include "native/work/key_check.hpp"

#include <algorithm>
#include <chrono>

#include "native/store/master_keys.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"

namespace rekey::work {

namespace {

using Ids = std::vector<std::string>;

bool has(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string list(const Ids& ids) {
  std::string out;
  for (const auto& each : ids) out += (out.empty() ? "" : ", ") + each;
  return out;
}

KeyFault nothing_opens(const Ids& needed, const Ids& given) {
  return {words::say("keys.other_key", {{"needed", list(needed)}, {"given", list(given)}}), false,
          "other_key"};
}

bool have_one(const Ids& ids, const Ids& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& id) { return has(ids, id); });
}

bool is_known(store::Database& db, const std::string& id) {
  const auto known = store::known_master_keys(db);
  return std::any_of(known.begin(), known.end(), [&](const auto& each) { return each.id == id; });
}

/// What the database is sealed under. An older version wrote data keys without a word about it.
Ids known_ids(store::Database& db) {
  Ids out;
  for (const auto& each : store::known_master_keys(db)) out.push_back(each.id);
  if (out.empty())
    for (const auto& [id, count] : data_keys_by_master_key(db)) out.push_back(id);
  return out;
}

// Each table with data keys. Format 1 of a blob: version, length of the id, id.
constexpr const char* every_data_key =
    "(select wrapped from data_keys union all select wrapped from webhook_endpoints "
    "union all select wrapped from revocations) k";

/// Whether a data key is sealed under none of these. It is asked at every start, and much cheaper
/// than to count which keys there are.
bool is_any_under_another(store::Database& db, const Ids& ids) {
  std::string sql = std::string("select 1 from ") + every_data_key + " where length(k.wrapped) > 0";
  for (std::size_t i = 0; i < ids.size(); ++i)
    sql += " and substr(k.wrapped, 2, " + std::to_string(1 + ids[i].size()) + ") <> ?" +
           std::to_string(i + 1);
  auto row = db.query(sql + " limit 1");
  for (std::size_t i = 0; i < ids.size(); ++i)
    row.bind(static_cast<int>(i + 1), store::Blob{static_cast<char>(ids[i].size()) + ids[i]});
  return row.step();
}

/// From now on this key is the one in use.
void use_key(store::Database& db, const vault::Vault& vault, const std::string& id, Instant now) {
  const auto before = store::known_master_keys(db);
  if (!before.empty() && before.back().id == id) return;
  store::know_master_key(db, {id, vault.proof_of(id), now});
  using audit::Event;
  audit::Entry entry{before.empty() ? Event::master_key_added : Event::master_key_rotated,
                     wire::by_operator()};
  entry.detail["master_key"] = id;
  if (!before.empty()) entry.detail["before"] = before.back().id;
  audit::note_within(db, entry, now);
}

}  // namespace

std::map<std::string, std::int64_t> data_keys_by_master_key(store::Database& db) {
  Ids lengths;
  {
    auto row =
        db.query(std::string("select distinct substr(k.wrapped, 2, 1) from ") + every_data_key);
    while (row.step()) lengths.push_back(row.blob(0));
  }
  std::map<std::string, std::int64_t> out;
  for (const auto& length : lengths) {
    if (length.empty()) continue;
    auto row =
        db.query(std::string("select substr(k.wrapped, 3, cast(?1 as integer)), count(*) from ") +
                     every_data_key + " where substr(k.wrapped, 2, 1) = ?2 group by 1",
                 std::int64_t{static_cast<unsigned char>(length.front())}, store::Blob{length});
    while (row.step()) out[row.blob(0)] += row.int64(1);
  }
  return out;
}

std::optional<KeyFault> fault_of_keys(store::Database& db, const vault::Vault& vault,
                                      const Ids& ids) {
  const auto there = known_ids(db);
  if (there.empty()) return {};
  if (!have_one(ids, there)) return nothing_opens(there, ids);
  const auto known = store::known_master_keys(db);
  for (const auto& each : known)
    if (has(ids, each.id) && !vault.is_proof(each.id, each.proof))
      return KeyFault{words::say("keys.damaged", {{"key", each.id}}), false, "damaged"};
  if (is_any_under_another(db, ids))
    for (const auto& [id, count] : data_keys_by_master_key(db))
      if (!has(ids, id))
        return KeyFault{
            words::say("keys.missing", {{"key", id}, {"data_keys", std::to_string(count)}}), true,
            "missing"};
  if (!known.empty() && !has(ids, known.back().id) &&
      std::any_of(known.begin(), known.end(), [&](const auto& each) {
        return has(ids, each.id) && each.added < known.back().added;
      }))
    return KeyFault{words::say("keys.behind", {{"key", known.back().id}}), true, "behind"};
  return {};
}

std::optional<KeyFault> check_keys(store::Database& db, const vault::Vault& vault, const Ids& ids,
                                   Instant now) {
  using Fault = std::optional<KeyFault>;
  if (auto fault = fault_of_keys(db, vault, ids)) return fault;
  if (const auto known = store::known_master_keys(db);
      !known.empty() && known.back().id == ids.front())
    return {};
  return store::in_transaction(db, [&]() -> Fault {
    // Another server may have been the first meanwhile.
    auto there = known_ids(db);
    if (!there.empty() && !have_one(ids, there)) return nothing_opens(there, ids);
    for (const auto& id : there)
      if (has(ids, id) && !is_known(db, id))
        store::know_master_key(db, {id, vault.proof_of(id), now});
    use_key(db, vault, ids.front(), now);
    return {};
  });
}

void note_refused_keys(store::Databases& databases, const KeyFault& fault, const Ids& ids,
                       const wire::Actor& actor, Instant now) {
  constexpr Millis not_repeated_for = std::chrono::minutes{10};
  audit::Entry entry{audit::Event::master_key_refused, actor};
  entry.detail = {{"given", ids}, {"reason", fault.reason}};
  {
    const auto last = store::newest_audit(*databases.borrow(), "master_key_refused");
    if (last && last->detail == entry.detail && now < last->at + not_repeated_for) return;
  }
  audit::note(databases, entry, now);
}

void need_known_key(store::Database& db, const vault::Vault& vault) {
  const auto ids = vault.master_key_ids();
  if (is_known(db, ids.front())) return;
  if (const auto there = known_ids(db); !there.empty() && !have_one(ids, there))
    throw store::DatabaseError(nothing_opens(there, ids).sentence,
                               store::DatabaseError::Kind::sealed);
  store::know_master_key(db, {ids.front(), vault.proof_of(ids.front()), {}});
}

}  // namespace rekey::work
