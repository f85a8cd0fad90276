// Says in words why a record is suggested.
#pragma once

#include "core/mapping/match.hpp"
#include "core/text/catalogue.hpp"

namespace rekey::mapping {

/// The reasons in the words of the catalogue ("why.same_email"), one after the other: "same e-mail,
/// similar name".
std::string said(const std::vector<Reason>& reasons, const text::Catalogue& words);

}  // namespace rekey::mapping
