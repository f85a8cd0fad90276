// Where the person is on the page of a connection, through a reload of this tab.
#pragma once

#include "web/model/visit.hpp"

namespace rekey::web {

/// Keeps what was read and open, in the tab.
void keep_place(const Visit& visit);
/// Takes what was kept, once; the looks of the sections wait for their configuration. After the way
/// back from the provider (`came_back`) the person is where they left from.
void restore_place(Visit& visit, bool came_back);
/// Makes the sections of a configuration that is to be shown look as they did before, once.
void restore_looks(Visit& visit, Mapping& mapping);
/// Forgets everything that the tab keeps of this connection.
void forget_place(const Visit& visit);

}  // namespace rekey::web
