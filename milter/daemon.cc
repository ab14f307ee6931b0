#include "milter/daemon.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include <utility>

#include "milter/callbacks.h"
#include "milter/desk/limits_answers.h"
#include "milter/listener.h"
#include "milter/log.h"
#include "milter/rulebook.h"
#include "milter/signals.h"
#include "policy/config/print.h"
#include "policy/config/values.h"
#include "policy/facts/unbound_dns.h"
#include "policy/limits/shared_limiter.h"

namespace postern {
namespace {

// libmilter says nothing when it has sent the last answer.
constexpr std::chrono::milliseconds kLastAnswer{300};
constexpr std::chrono::milliseconds kLook{50};
constexpr std::chrono::hours kLong{1};

// Every session is a descriptor, every large body another one.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

// Counts here, or where several MTAs count together.
Result<std::unique_ptr<Limiter>> OpenLimiter(const Config& config,
                                             const Clock& clock) {
  if (config.redis.server.empty())
    return Limiter::Open(LimitsDirectory(config.state_directory), clock,
                         config.counters.max_keys);
  auto shared = SharedLimiter::Open(config.redis, clock);
  if (!shared) return std::unexpected(shared.error());
  return std::unique_ptr<Limiter>(std::move(*shared));
}

// Without what was remembered everybody is new: limits of new recipients are
// reached sooner, no mail is refused for it.
std::unique_ptr<History> OpenHistory(const Config& config, const Clock& clock) {
  auto history =
      History::Open(LimitsDirectory(config.state_directory), {}, clock);
  if (history) return std::move(*history);
  spdlog::error("history: it begins anew and is not kept: {}",
                history.error().message);
  return History::Open("", {}, clock).value();
}

// Without what was begun each warm-up is at its first day.
std::unique_ptr<WarmUp> OpenWarmUp(const Config& config, const Clock& clock) {
  auto warm_up = WarmUp::Open(LimitsDirectory(config.state_directory), clock);
  if (warm_up) return std::move(*warm_up);
  spdlog::error("warm-up: each begins anew and is not kept: {}",
                warm_up.error().message);
  return WarmUp::Open("", clock).value();
}

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::Make(const std::string& config_file) {
  auto rulebook = LoadRulebook(config_file);
  if (!rulebook) return std::unexpected(rulebook.error());
  const Config& config = (*rulebook)->config;
  const Result<void> logging = SetUpLog(config);
  if (!logging) return std::unexpected(logging.error());
  auto clock = std::make_unique<const SystemClock>();
  Result<Rooms> rooms = MakeRooms(config, *clock);
  if (!rooms) return std::unexpected(rooms.error());
  return std::unique_ptr<Daemon>(
      new Daemon(*rulebook, std::move(*rooms), std::move(clock)));
}

Result<Daemon::Rooms> Daemon::MakeRooms(const Config& config,
                                        const Clock& clock) {
  Rooms rooms;
  Result<std::unique_ptr<UnboundDns>> dns = UnboundDns::Make(config.dns);
  if (!dns) return std::unexpected(dns.error());
  rooms.dns = std::move(*dns);
  rooms.content_cache =
      std::make_unique<ContentCache>(config.cache.content_bytes);
  Result<std::unique_ptr<Limiter>> limiter = OpenLimiter(config, clock);
  rooms.expander = std::make_unique<LinkExpander>();
  if (!limiter) return std::unexpected(limiter.error());
  rooms.alerts = std::make_unique<Hook>(
      config.alert_command.empty()
          ? std::vector<std::string>()
          : std::vector<std::string>{config.alert_command});
  rooms.abuse_alerts =
      std::make_unique<AbuseAlerts>(rooms.alerts.get(), &clock);
  rooms.limiter = std::make_unique<LimitWatch>(
      std::move(*limiter), clock,
      [alerts = rooms.alerts.get()](const LimitWarning& warning) {
        alerts->Run(Hook::Urgency::kWarning,
                    {{"EVENT", "limit-warning"},
                     {"LIMIT", warning.rule},
                     {"KEY", warning.key},
                     {"PERCENT", std::to_string(warning.percent)},
                     {"RATE", FormatRate(warning.rate)}});
      });
  rooms.history = OpenHistory(config, clock);
  rooms.warm_up = OpenWarmUp(config, clock);
  auto holds = HeldStore::Open(HoldsDirectory(config.state_directory), clock);
  if (!holds) return std::unexpected(holds.error());
  rooms.holds = std::move(*holds);
  return rooms;
}

Daemon::Daemon(const std::shared_ptr<const Rulebook>& rulebook, Rooms rooms,
               std::unique_ptr<const Clock> clock)
    : socket_(rulebook->config.milter.socket),
      clock_(std::move(clock)),
      rooms_(std::move(rooms)),
      egress_(std::make_shared<const EgressSurvey>()),
      gate_({.dns = rooms_.dns.get(),
             .clock = clock_.get(),
             .limiter = rooms_.limiter.get(),
             .history = rooms_.history.get(),
             .warm_up = rooms_.warm_up.get(),
             .lines = &lines_,
             .on_hijack =
                 [alerts = rooms_.alerts.get()](const std::string& login,
                                                const std::string& why) {
                   spdlog::warn("hijack-alarm: {}", why);
                   alerts->Run(Hook::Urgency::kAlarm,
                               {{"EVENT", "hijack-alarm"},
                                {"LOGIN", login},
                                {"WHY", why}});
                 },
             .on_abuse =
                 [alerts = rooms_.abuse_alerts.get()](
                     const Submission& submission, const Finding& finding) {
                   alerts->Tell(submission, finding);
                 },
             .egress = &egress_,
             .content_cache = rooms_.content_cache.get(),
             .expander = rooms_.expander.get()}),
      rulebook_(rulebook),
      releaser_({&rulebook_, rooms_.holds.get(), rooms_.limiter.get(), &lines_,
                 clock_.get()}),
      door_{.gate = &gate_,
            .rulebook = &rulebook_,
            .holds = rooms_.holds.get(),
            .releaser = &releaser_,
            .traffic = &traffic_,
            .heartbeat = &heartbeat_,
            .spool_directory = rulebook->config.state_directory,
            .bodies = BodyPool::Make(static_cast<std::size_t>(
                rulebook->config.milter.body_memory))} {}

Error Daemon::Run() {
  const auto rulebook = rulebook_.Get();
  RaiseDescriptorLimit();
  openlog("postern", LOG_PID, LOG_MAIL);  // libmilter's own messages
  Result<void> ready = RegisterCallbacks(door_);
  if (ready) ready = OpenListener(socket_, rulebook->config.milter.socket_mode);
  if (!ready) return ready.error();
  OpenAdminSocket();
  listener_ = std::jthread([] {
    RunListener();
    TellListenerEnded();
  });
  spdlog::info("started: socket={} mode={} config={}", socket_,
               ToString(rulebook->config.mode), rulebook->config.file);
  egress_watch_ =
      std::make_unique<EgressWatch>(&rulebook_, rooms_.dns.get(), &egress_);
  for (;;) {
    const std::optional<Signal> signal = NextSignal(kLong);
    if (!signal) continue;
    switch (*signal) {
      case Signal::kReload:
        Reload();
        break;
      case Signal::kStop:
        Drain();
        End(0);
      case Signal::kListenerEnded:
        spdlog::error("libmilter has stopped listening");
        End(2);
    }
  }
}

// Mail goes on without it.
void Daemon::OpenAdminSocket() {
  const std::string state_directory = rulebook_.Get()->config.state_directory;
  auto opened = AdminSocket::Open(
      AdminSocketFile(state_directory),
      [limits =
           LimitsAnswers{rooms_.limiter.get(), rooms_.history.get(),
                         rooms_.warm_up.get(), clock_.get(), state_directory}](
          const std::string& request, uid_t uid) {
        return limits.Answer(request, uid);
      });
  if (opened) {
    admin_socket_ = std::move(*opened);
  } else {
    spdlog::error("the desk cannot reach this daemon: {}",
                  opened.error().message);
  }
}

// The whole file or nothing: messages under way keep the rulebook they began
// with.
void Daemon::Reload() {
  const auto before = rulebook_.Get();
  auto after = LoadRulebook(before->config.file);
  if (!after) {
    spdlog::error("reload failed, the former configuration stays: {}",
                  after.error().message);
    return;
  }
  const Result<void> logging = SetUpLog((*after)->config);
  if (!logging) spdlog::error("reload: {}", logging.error().message);
  rulebook_.Set(*after);
  egress_watch_->Wake();
  spdlog::info("reloaded: mode={} config={}", ToString((*after)->config.mode),
               (*after)->config.file);
  const std::vector<std::string> stale =
      NeedingRestart(before->config, (*after)->config);
  if (!stale.empty())
    spdlog::warn("reload: only a restart changes {}", fmt::join(stale, ", "));
}

// Whoever is past MAIL may finish; everybody else is told 421. A second signal
// to stop ends the patience.
void Daemon::Drain() {
  traffic_.Close();
  const Deadline deadline = In(rulebook_.Get()->config.milter.drain);
  spdlog::info("stopping: transactions={}", traffic_.under_way());
  while (traffic_.under_way() > 0 &&
         std::chrono::steady_clock::now() < deadline)
    if (NextSignal(kLook) == Signal::kStop) break;
  std::this_thread::sleep_for(kLastAnswer);
}

void Daemon::End(int status) {
  const Result<void> closed = rooms_.limiter->Close();
  if (!closed) spdlog::error("limits: {}", closed.error().message);
  admin_socket_.reset();
  // Its failure has been reported.
  (void)rooms_.history->Flush();
  RemoveSocketFile(socket_);
  spdlog::info("stopped: transactions={}", traffic_.under_way());
  spdlog::default_logger()->flush();
  // Sessions may still be in callbacks: nothing they use is destroyed.
  _exit(status);
}

}  // namespace postern
