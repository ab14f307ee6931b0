#include "milter/callbacks.h"

#include <arpa/inet.h>
#include <libmilter/mfapi.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>

#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/libmilter_mta.h"
#include "milter/session.h"
#include "policy/base/text.h"

namespace postern {
namespace {

// libmilter hands its callbacks nothing of ours but the session's own pointer,
// which has to come from somewhere. Set once, before the first callback.
const Door* g_door = nullptr;

constexpr unsigned long kActions = SMFIF_ADDHDRS | SMFIF_CHGHDRS |
                                   SMFIF_CHGBODY | SMFIF_CHGFROM |
                                   SMFIF_ADDRCPT_PAR | SMFIF_DELRCPT;
// What our answers rely on: where one of these is agreed, the callback has to
// return SMFIS_NOREPLY. Leading space is needed to sign what was received.
constexpr unsigned long kProtocol = SMFIP_NR_CONN | SMFIP_NR_HELO |
                                    SMFIP_NR_HDR | SMFIP_NR_BODY |
                                    SMFIP_HDR_LEADSPC;
// What only saves time.
constexpr unsigned long kSavings = SMFIP_NODATA | SMFIP_NOEOH | SMFIP_NOUNKNOWN;

struct Stage {
  const char* name;
  sfsistat on_error;
};

sfsistat ToStatus(Answer answer) {
  switch (answer) {
    case Answer::kContinue:
      return SMFIS_CONTINUE;
    case Answer::kTempFail:
      return SMFIS_TEMPFAIL;
    case Answer::kReject:
      return SMFIS_REJECT;
    case Answer::kDiscard:
      return SMFIS_DISCARD;
  }
  return SMFIS_TEMPFAIL;
}

// Runs a body that may throw. No exception crosses into libmilter.
template <typename Body>
std::optional<sfsistat> Fence(const Stage& stage, std::string_view queue_id,
                              Body body) noexcept {
  try {
    try {
      return body();
    } catch (const std::exception& e) {
      spdlog::error("{}: {}: {}", EscapeForLog(queue_id), stage.name,
                    EscapeForLog(e.what()));
    } catch (...) {
      spdlog::error("{}: {}: unknown exception", EscapeForLog(queue_id),
                    stage.name);
    }
  } catch (...) {  // not even the log can be written
  }
  return std::nullopt;
}

// Runs one callback of a session.
template <typename Body>
sfsistat Guard(SMFICTX* context, Stage stage, Body body) noexcept {
  auto* session = static_cast<Session*>(smfi_getpriv(context));
  if (session == nullptr) return stage.on_error;
  LibmilterMta mta(context);
  const std::optional<sfsistat> status =
      Fence(stage, session->queue_id(), [&] { return body(*session, mta); });
  if (status) return *status;
  session->OnInternalError(stage.name);
  return stage.on_error;
}

std::optional<IpAddress> ToAddress(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return IpAddress::FromOctets(
        {reinterpret_cast<const char*>(&v4.sin_addr), 4});
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    return IpAddress::FromOctets(
        {reinterpret_cast<const char*>(&v6.sin6_addr), 16});
  }
  return std::nullopt;
}

std::string_view Text(const char* text) { return text == nullptr ? "" : text; }

std::vector<std::string> Words(char** arguments) {
  std::vector<std::string> words;
  for (; arguments != nullptr && *arguments != nullptr; ++arguments)
    words.emplace_back(*arguments);
  return words;
}

std::unique_ptr<Session> TakeBack(SMFICTX* context) {
  std::unique_ptr<Session> session(
      static_cast<Session*>(smfi_getpriv(context)));
  (void)smfi_setpriv(context, nullptr);
  return session;
}

// {daemon_name} is not asked for at end of message: Postfix's cleanup gives its
// own there.
void AskForMacros(SMFICTX* context) {
  struct Wanted {
    int stage;
    std::string names;
  };
  Wanted all[] = {
      {SMFIM_CONNECT, "j v {daemon_name} {client_port}"},
      {SMFIM_ENVFROM, "i {auth_type} {auth_authen} {client_port}"},
      {SMFIM_ENVRCPT, "i"},
      {SMFIM_EOM, "i {msg_id}"},
  };
  for (Wanted& wanted : all)
    if (smfi_setsymlist(context, wanted.stage, wanted.names.data()) !=
        MI_SUCCESS)
      spdlog::error("libmilter refused the macros of stage {}", wanted.stage);
}

sfsistat Agree(SMFICTX* context, unsigned long offered_actions,
               unsigned long offered_protocol, unsigned long* actions,
               unsigned long* protocol) {
  const unsigned long no_actions = kActions & ~offered_actions;
  const unsigned long no_protocol = kProtocol & ~offered_protocol;
  if (no_actions != 0 || no_protocol != 0) {
    spdlog::error(
        "the MTA lacks what is needed (actions {:#x}, protocol {:#x}); it "
        "must speak milter protocol 6: Postfix 2.6, Sendmail 8.14, or later",
        no_actions, no_protocol);
    return SMFIS_REJECT;
  }
  const unsigned long can_ask = offered_actions & SMFIF_SETSYMLIST;
  if (can_ask != 0) AskForMacros(context);
  *actions = kActions | can_ask;
  *protocol = kProtocol | (kSavings & offered_protocol);
  return SMFIS_CONTINUE;
}

extern "C" {

// libmilter's signature: nine parameters.
// NOLINTNEXTLINE(readability-function-size)
sfsistat OnNegotiate(SMFICTX* context, unsigned long f0, unsigned long f1,
                     unsigned long /*f2*/, unsigned long /*f3*/,
                     unsigned long* pf0, unsigned long* pf1, unsigned long* pf2,
                     unsigned long* pf3) {
  *pf2 = *pf3 = 0;
  return Fence({"negotiate", SMFIS_REJECT}, "NOQUEUE",
               [&] { return Agree(context, f0, f1, pf0, pf1); })
      .value_or(SMFIS_REJECT);
}

sfsistat OnConnect(SMFICTX* context, char* name, _SOCK_ADDR* address) {
  constexpr Stage kStage{"connect", SMFIS_NOREPLY};
  (void)Fence(kStage, "NOQUEUE", [&] {
    TakeBack(context).reset();
    auto session = std::make_unique<Session>(*g_door);
    session->OnConnect(Text(name), ToAddress(address), LibmilterMta(context));
    if (smfi_setpriv(context, session.get()) == MI_SUCCESS)
      (void)session.release();  // OnClose takes it back
    return SMFIS_NOREPLY;
  });
  return SMFIS_NOREPLY;
}

sfsistat OnHelo(SMFICTX* context, char* name) {
  return Guard(context, {"helo", SMFIS_NOREPLY}, [&](Session& s, Mta&) {
    s.OnHelo(Text(name));
    return SMFIS_NOREPLY;
  });
}

sfsistat OnMail(SMFICTX* context, char** words) {
  return Guard(context, {"mail", SMFIS_TEMPFAIL}, [&](Session& s, Mta& mta) {
    return ToStatus(s.OnMail(Words(words), mta));
  });
}

sfsistat OnRcpt(SMFICTX* context, char** words) {
  return Guard(context, {"rcpt", SMFIS_TEMPFAIL}, [&](Session& s, Mta& mta) {
    return ToStatus(s.OnRcpt(Words(words), mta));
  });
}

sfsistat OnHeader(SMFICTX* context, char* name, char* value) {
  return Guard(context, {"header", SMFIS_NOREPLY}, [&](Session& s, Mta&) {
    s.OnHeader(Text(name), Text(value));
    return SMFIS_NOREPLY;
  });
}

sfsistat OnBody(SMFICTX* context, unsigned char* octets, std::size_t count) {
  return Guard(context, {"body", SMFIS_NOREPLY}, [&](Session& s, Mta&) {
    s.OnBody({reinterpret_cast<const char*>(octets), count});
    return SMFIS_NOREPLY;
  });
}

sfsistat OnEndOfMessage(SMFICTX* context) {
  return Guard(context, {"eom", SMFIS_TEMPFAIL}, [](Session& s, Mta& mta) {
    return ToStatus(s.OnEndOfMessage(mta));
  });
}

sfsistat OnAbort(SMFICTX* context) {
  return Guard(context, {"abort", SMFIS_CONTINUE}, [](Session& s, Mta&) {
    s.OnAbort();
    return SMFIS_CONTINUE;
  });
}

sfsistat OnClose(SMFICTX* context) {
  // May come without any other callback: there is no session then.
  const std::unique_ptr<Session> session = TakeBack(context);
  if (session == nullptr) return SMFIS_CONTINUE;
  (void)Fence({"close", SMFIS_CONTINUE}, session->queue_id(), [&] {
    session->OnClose();
    return SMFIS_CONTINUE;
  });
  return SMFIS_CONTINUE;
}

}  // extern "C"

}  // namespace

Result<void> RegisterCallbacks(const Door& door) {
  g_door = &door;
  std::string name = "postern";
  smfiDesc filter{};
  filter.xxfi_name = name.data();  // copied by smfi_register
  filter.xxfi_version = SMFI_VERSION;
  filter.xxfi_flags = kActions | SMFIF_SETSYMLIST;
  filter.xxfi_connect = OnConnect;
  filter.xxfi_helo = OnHelo;
  filter.xxfi_envfrom = OnMail;
  filter.xxfi_envrcpt = OnRcpt;
  filter.xxfi_header = OnHeader;
  filter.xxfi_body = OnBody;
  filter.xxfi_eom = OnEndOfMessage;
  filter.xxfi_abort = OnAbort;
  filter.xxfi_close = OnClose;
  filter.xxfi_negotiate = OnNegotiate;
  if (smfi_register(filter) != MI_SUCCESS)
    return Fail("libmilter refused the callbacks");
  return {};
}

}  // namespace postern
