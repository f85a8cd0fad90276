#include "native/sandbox/world.hpp"

namespace rekey::sandbox {

void World::remember() {
  kept = std::make_unique<Kept>(options.store);
  const Keep keep = [this](const std::string& kind, const std::string& id,
                           const nlohmann::json& body) { kept->put(kind, id, body); };
  try {
    for (const auto& [id, body] : kept->all("clock")) ahead_ms = body.get<std::int64_t>();
    for (const auto& [id, body] : kept->all("key")) key.restore(body.get<std::string>());
    for (const auto& [id, body] : kept->all("grant")) grants.restore(std::stoull(id), body);
    for (const auto& [id, body] : kept->all("code")) grants.restore_code(id, body);
    for (const auto& [id, body] : kept->all("legacy")) legacy.restore(body);
    for (const auto& [id, body] : kept->all("written"))
      if (Company* one = company(body.at("realm").get<std::string>())) one->restore(body);
  } catch (const std::exception&) {
    throw store::DatabaseError("the file " + options.store +
                               " does not hold what a sandbox keeps; it may be of another version. "
                               "Give --store another name to begin anew");
  }
  key.keep_with(keep);
  grants.keep_with(keep);
  legacy.keep_with(keep);
  for (Company& one : companies) one.keep_with(keep);
}

void World::advance(Millis time) {
  ahead_ms += time.count();
  if (kept) kept->put("clock", "ahead", ahead_ms.load());
}

}  // namespace rekey::sandbox
