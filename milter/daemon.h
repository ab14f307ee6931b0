// Daemon: `postern run`. Makes the rooms, opens the door, reloads, drains.
//
// Owns everything the callbacks use. libmilter's threads cannot be joined, so a
// daemon that has served ends the process instead of returning to a destructor.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "milter/abuse_alerts.h"
#include "milter/admin_socket.h"
#include "milter/door.h"
#include "milter/egress_watch.h"
#include "milter/heartbeat.h"
#include "milter/hook.h"
#include "milter/limit_watch.h"
#include "milter/releaser.h"
#include "milter/traffic.h"
#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/base/snapshot.h"
#include "policy/facts/content_cache.h"
#include "policy/facts/dns.h"
#include "policy/facts/link_expander.h"
#include "policy/gate.h"
#include "policy/holds/held_store.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/warm_up.h"

namespace postern {

class Daemon {
 public:
  // Everything but the socket. Main thread.
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> Make(
      const std::string& config_file);
  ~Daemon() = default;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Opens the socket and serves until told to stop; then ends the process. An
  // error when it cannot begin.
  [[nodiscard]] Error Run();

 private:
  struct Rooms {
    std::unique_ptr<Dns> dns;
    std::unique_ptr<Hook> alerts;
    std::unique_ptr<AbuseAlerts> abuse_alerts;
    std::unique_ptr<LimitWatch> limiter;
    std::unique_ptr<History> history;
    std::unique_ptr<WarmUp> warm_up;
    std::unique_ptr<ContentCache> content_cache;
    std::unique_ptr<LinkExpander> expander;
    std::unique_ptr<HeldStore> holds;
  };
  Daemon(const std::shared_ptr<const Rulebook>& rulebook, Rooms rooms,
         std::unique_ptr<const Clock> clock);
  [[nodiscard]] static Result<Rooms> MakeRooms(const Config& config,
                                               const Clock& clock);

  void OpenAdminSocket();
  void Reload();
  void Drain();
  [[noreturn]] void End(int status);

  const std::string socket_;
  std::unique_ptr<const Clock> clock_;
  Rooms rooms_;
  Snapshot<EgressSurvey> egress_;
  WaitingLines lines_;
  Gate gate_;
  Snapshot<Rulebook> rulebook_;
  Traffic traffic_;
  Heartbeat heartbeat_;
  Releaser releaser_;
  Door door_;
  std::unique_ptr<EgressWatch> egress_watch_;  // from Run on
  std::unique_ptr<AdminSocket> admin_socket_;  // from Run on; null: none
  std::jthread listener_;  // runs libmilter; never joined, see End
};

}  // namespace postern
