#include "native/accounting/system.hpp"

namespace rekey::accounting {

async::Task<bool> System::disconnect_legacy(const oauth::Credential&, Instant) const {
  co_return true;
}

}  // namespace rekey::accounting
