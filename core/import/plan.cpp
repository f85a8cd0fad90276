#include "core/import/entity.hpp"

namespace rekey::imports {

Plan current_plan() {
  return {Entity::company_info, Entity::preferences, Entity::account,        Entity::tax_code,
          Entity::tax_rate,     Entity::term,        Entity::payment_method, Entity::class_,
          Entity::department,   Entity::item,        Entity::customer,       Entity::vendor};
}

Plan plan_of_2026() {
  return {Entity::company_info, Entity::preferences, Entity::account,        Entity::tax_code,
          Entity::tax_rate,     Entity::term,        Entity::payment_method, Entity::class_,
          Entity::department,   Entity::item,        Entity::customer,       Entity::vendor};
}

}  // namespace rekey::imports
