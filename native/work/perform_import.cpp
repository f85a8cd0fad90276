#include "native/work/importer.hpp"

namespace rekey::work {

async::Task<Again> Performer::run_import(const Owner& owner, const RunImport& effect, int attempts,
                                         const Place& place) {
  Importer importer(driver_, clients_, tokens_, owner, effect, place);
  const auto again = co_await importer.run(attempts);
  co_return again;
}

}  // namespace rekey::work
