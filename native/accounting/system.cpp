#include "native/accounting/system.hpp"

namespace rekey::accounting {

std::vector<imports::Entity> System::small_lists() const {
  return {};
}

std::vector<mapping::Record> System::records_beside(imports::Entity, const SmallLists&) const {
  return {};
}

mapping::CompanyFacts System::facts_of(const SmallLists&) const {
  return {};
}

async::Task<Read<Changes>> System::changes(std::vector<imports::Entity>, std::string, Secret,
                                           Instant) const {
  co_return tl::unexpected(oauth::Failure{oauth::Meaning::list_refused});
}

async::Task<bool> System::disconnect_legacy(const oauth::Credential&, Instant) const {
  co_return true;
}

}  // namespace rekey::accounting
