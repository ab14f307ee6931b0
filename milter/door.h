// Door: what all sessions share. Borrowed; outlives every session.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "milter/heartbeat.h"
#include "milter/releaser.h"
#include "milter/traffic.h"
#include "policy/base/snapshot.h"
#include "policy/gate.h"
#include "policy/holds/held_store.h"
#include "policy/message/body_pool.h"

namespace postern {

struct Door {
  const Gate* gate = nullptr;
  const Snapshot<Rulebook>* rulebook = nullptr;
  HeldStore* holds = nullptr;
  Releaser* releaser = nullptr;  // null: what is held waits for an operator
  Traffic* traffic = nullptr;
  Heartbeat* heartbeat = nullptr;
  std::string spool_directory;       // where large bodies wait
  std::shared_ptr<BodyPool> bodies;  // before they go there; null: none
};

}  // namespace postern
