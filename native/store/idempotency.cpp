#include "native/store/idempotency.hpp"

namespace rekey::store {

namespace {

/// In the place of an answer's type, while there is no answer.
constexpr const char* not_to_keep = "-";

}  // namespace

std::optional<EarlierWrite> begin_write(Database& db, const std::string& key, const std::string& id,
                                        const std::string& request, Instant now, Instant too_old,
                                        Instant lost) {
  return in_transaction(db, [&]() -> std::optional<EarlierWrite> {
    db.run("delete from idempotency where at < ?1", to_ms(too_old));
    db.run("delete from idempotency where key = ?1 and id = ?2 and status is null and at < ?3", key,
           id, to_ms(lost));
    const bool first = db.run(
                           "insert into idempotency (key, id, request, at) "
                           "values (?1, ?2, ?3, ?4) on conflict (key, id) do nothing",
                           key, id, request, to_ms(now)) == 1;
    if (first) return {};
    auto row = db.query(
        "select request, status, content_type, body from idempotency where key = ?1 and id = ?2",
        key, id);
    row.step();
    EarlierWrite earlier{row.text(0), {}, row.text(2), row.text(3)};
    if (!row.is_null(1)) earlier.status = static_cast<int>(row.int64(1));
    return earlier;
  });
}

void end_write(Database& db, const std::string& key, const std::string& id, int status,
               const std::string& content_type, const std::string& body) {
  const auto kept = db.run(
      "update idempotency set status = ?3, content_type = ?4, body = ?5 "
      "where key = ?1 and id = ?2 and coalesce(content_type, '') <> ?6",
      key, id, std::int64_t{status}, content_type, body, not_to_keep);
  if (kept == 0) forget_write(db, key, id);
}

void keep_no_answers_under_way(Database& db) {
  db.run("update idempotency set content_type = ?1 where status is null", not_to_keep);
}

void forget_write(Database& db, const std::string& key, const std::string& id) {
  db.run("delete from idempotency where key = ?1 and id = ?2", key, id);
}

}  // namespace rekey::store
