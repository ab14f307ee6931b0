// Postfix: that mail passes through Postern, and that nothing changes what was
// signed afterwards.

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "milter/desk/doctor_postfix.h"
#include "milter/desk/run_program.h"
#include "policy/base/text.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Settings = std::map<std::string, std::string, std::less<>>;

// Every setting with its parameters expanded, "name = value" a line.
Result<Settings> ReadSettings(const std::string& folder) {
  const Result<std::string> text =
      RunProgram({kPostconf, "-c", folder, "-x"}, kPostconfPatience);
  if (!text) return std::unexpected(text.error());
  Settings settings;
  for (const std::string_view line : Split(*text, '\n')) {
    const std::size_t equals = line.find(" =");
    if (equals == std::string_view::npos) continue;
    settings.emplace(line.substr(0, equals), Trim(line.substr(equals + 2)));
  }
  return settings;
}

struct MilterEntry {
  std::string socket;
  std::string default_action;  // of its own; empty: the common one
};

// "inet:h:1, { unix:a/b, default_action=accept } unix:c" (postconf(5)).
std::vector<MilterEntry> MiltersOf(std::string_view list) {
  std::vector<MilterEntry> entries;
  while (true) {
    while (!list.empty() && (IsBlank(list.front()) || list.front() == ','))
      list.remove_prefix(1);
    if (list.empty()) return entries;
    const bool is_braced = list.front() == '{';
    const std::size_t end = std::min(
        list.size(), is_braced ? list.find('}') : list.find_first_of(", \t"));
    std::string words(
        list.substr(is_braced ? 1 : 0, is_braced ? end - 1 : end));
    std::ranges::replace(words, ',', ' ');
    list.remove_prefix(std::min(list.size(), end + (is_braced ? 1 : 0)));
    MilterEntry entry;
    for (const std::string_view word : Split(words, ' ')) {
      constexpr std::string_view kAction = "default_action=";
      if (word.starts_with(kAction))
        entry.default_action = word.substr(kAction.size());
      if (entry.socket.empty() && !word.empty()) entry.socket = word;
    }
    entries.push_back(std::move(entry));
  }
}

// A unix socket as a path, inet as "host:port": equal for the same place.
std::string PlaceOf(const std::string& socket, const std::string& queue) {
  const std::size_t colon = socket.find(':');
  const std::string kind = socket.substr(0, colon);
  std::string place =
      colon == std::string::npos ? "" : socket.substr(colon + 1);
  if (kind == "unix" || kind == "local") {
    std::error_code code;
    const auto path = std::filesystem::path(queue) / place;
    const auto real = std::filesystem::weakly_canonical(path, code);
    return code ? path.lexically_normal().string() : real.string();
  }
  if (const std::size_t at = place.find('@'); at != std::string::npos)
    place = place.substr(at + 1) + ":" + place.substr(0, at);
  return place;
}

std::optional<std::size_t> PlaceInList(const PostfixPatient& patient,
                                       const std::vector<MilterEntry>& list) {
  const std::string queue = patient.Get("queue_directory");
  const std::string ours = PlaceOf(patient.visit->config.milter.socket, queue);
  for (std::size_t i = 0; i < list.size(); ++i)
    if (PlaceOf(list[i].socket, queue) == ours) return i;
  return std::nullopt;
}

void ExamineList(const PostfixPatient& patient, const std::string& name) {
  const std::vector<MilterEntry> list = MiltersOf(patient.Get(name));
  const auto place = PlaceInList(patient, list);
  const std::string line = fmt::format(
      "{{ {}, default_action=tempfail, connect_timeout=10s, "
      "command_timeout=30s, content_timeout=120s }}",
      OurSocketForPostfix(patient));
  if (!place) {
    const bool is_main = name == "smtpd_milters";
    return patient.Say(
        name, patient.is_ours && is_main ? Health::kFail : Health::kWarn,
        is_main ? "does not name Postern's socket: mail passes by"
                : "does not name Postern's socket: local submissions pass by",
        patient.Write(name, is_main ? line : "$smtpd_milters"));
  }
  const MilterEntry& entry = list[*place];
  if (*place + 1 != list.size())
    patient.Say(name, Health::kFail,
                list.back().socket +
                    " comes after Postern and may change "
                    "what was signed",
                "name Postern last in " + name);
  const std::string action = entry.default_action.empty()
                                 ? patient.Get("milter_default_action")
                                 : entry.default_action;
  if (action == "accept")
    return patient.Say(name, Health::kFail,
                       "default_action=accept: mail leaves unjudged and "
                       "unsigned while Postern does not answer",
                       patient.Write("milter_default_action", "tempfail"));
  if (action != "tempfail" && action != "shutdown")
    return patient.Say(name, Health::kWarn,
                       "default_action=" + action +
                           ": mail is not simply tried again while Postern "
                           "does not answer",
                       patient.Write("milter_default_action", "tempfail"));
  if (*place + 1 == list.size())
    patient.Say(name, Health::kOk, "names Postern last, " + action, "");
}

// Settings that change a message after it was signed (smtp(8), cleanup(8)).
void ExamineRewriting(const PostfixPatient& patient) {
  struct Rewriting {
    const char* name;
    Health outcome;
    const char* detail;
  };
  constexpr std::array<Rewriting, 6> kRewriting = {{
      {"smtp_generic_maps", Health::kFail,
       "rewrites addresses after signing: DKIM breaks"},
      {"content_filter", Health::kWarn,
       "a filter after Postern may change what was signed"},
      {"smtp_header_checks", Health::kWarn,
       "may change signed fields at delivery"},
      {"smtp_mime_header_checks", Health::kWarn,
       "may change signed parts at delivery"},
      {"smtp_nested_header_checks", Health::kWarn,
       "may change signed parts at delivery"},
      {"smtp_body_checks", Health::kWarn,
       "may change the signed body at delivery"},
  }};
  for (const Rewriting& setting : kRewriting)
    if (!patient.Get(setting.name).empty())
      patient.Say(setting.name, setting.outcome, setting.detail,
                  patient.Write(setting.name, "(empty)") +
                      ", and rewrite before Postern instead (canonical_maps, "
                      "a filter in front)");
  const Config& config = patient.visit->config;
  const bool is_converted =
      patient.Get("disable_mime_output_conversion") != "yes";
  if (config.mode == Mode::kObserve && !config.signing.domains.empty() &&
      is_converted)
    patient.Say("disable_mime_output_conversion", Health::kWarn,
                "8-bit mail is converted after signing where the receiver "
                "lacks 8BITMIME; mode observe does not prevent it",
                "mode = \"mend\" in postern.toml; or " +
                    patient.Write("disable_mime_output_conversion", "yes") +
                    " and smtp_line_length_limit = 0");
}

std::optional<std::chrono::milliseconds> TimeOf(std::string text) {
  if (text.ends_with('m')) text += "in";  // Postfix's minutes
  return ParseDuration(text);
}

void ExamineTimes(const PostfixPatient& patient) {
  const MilterConfig& milter = patient.visit->config.milter;
  const auto look = [&](const char* name, std::chrono::milliseconds least,
                        const char* ours) {
    const auto time = TimeOf(patient.Get(name));
    if (!time || *time > least) return;
    patient.Say(name, Health::kFail,
                fmt::format("{} is not above {} of postern.toml ({})",
                            FormatDuration(*time), ours, FormatDuration(least)),
                patient.Write(name, "120s"));
  };
  look("milter_content_timeout", milter.deadline, "milter.deadline");
  look("milter_command_timeout", milter.rcpt_deadline, "milter.rcpt_deadline");
}

// "3.7.11"; chgheader hits the wrong instance before (RELEASE_NOTES).
void ExamineVersion(const PostfixPatient& patient) {
  int major = 0, minor = 0, patch = 0;
  const std::string version = patient.Get("mail_version");
  if (std::sscanf(version.c_str(), "%d.%d.%d", &major, &minor, &patch) < 2)
    return;
  const bool is_old = major < 3 || (major == 3 && minor < 7) ||
                      (major == 3 && minor == 7 && patch < 11);
  patient.Say("mail_version", is_old ? Health::kWarn : Health::kOk, version,
              is_old ? "use 3.7.11 or later: earlier ones may replace the "
                       "wrong one of several header fields"
                     : "");
}

void ExaminePlain(const PostfixPatient& patient) {
  const std::string protocol = patient.Get("milter_protocol");
  if (protocol != "6")
    patient.Say("milter_protocol", Health::kFail,
                protocol + ": header edits need version 6",
                patient.Write("milter_protocol", "6"));
  if (!Contains(patient.Get("internal_mail_filter_classes"), "bounce"))
    patient.Say("internal_mail_filter_classes", Health::kWarn,
                "bounces are not signed",
                patient.Write("internal_mail_filter_classes", "bounce"));
  if (patient.Get("enable_long_queue_ids") != "yes")
    patient.Say("enable_long_queue_ids", Health::kWarn,
                "queue ids are used again: log lines cannot be told apart",
                patient.Write("enable_long_queue_ids", "yes"));
  const std::string tls = patient.Get("smtp_tls_security_level");
  const bool has_tls =
      tls.empty() ? patient.Get("smtp_use_tls") == "yes" : tls != "none";
  if (!has_tls)
    patient.Say("smtp_tls_security_level", Health::kFail,
                "mail leaves without TLS: Gmail refuses it (421 4.7.29)",
                patient.Write("smtp_tls_security_level", "may"));
  for (const EgressRoute& route : patient.visit->config.egress)
    if (has_tls && !route.starttls)
      patient.Say("smtp_tls_security_level", Health::kWarn,
                  "TLS is used, but egress." + route.name +
                      ".starttls is false: mail is deferred for nothing",
                  "set egress." + route.name + ".starttls = true");
}

void ExamineEgressNames(const PostfixPatient& patient) {
  const std::string said = ToLower(patient.Get("smtp_helo_name"));
  const std::vector<EgressRoute>& routes = patient.visit->config.egress;
  const bool is_known =
      routes.empty() || std::ranges::any_of(routes, [&](const auto& route) {
        return route.helo_name.empty() || ToLower(route.helo_name) == said;
      });
  if (!is_known)
    patient.Say("smtp_helo_name", Health::kWarn,
                "Postfix says " + said + ", no egress in postern.toml does",
                "helo_name = \"" + said + "\" in its [egress] table, or " +
                    patient.Write("smtp_helo_name", routes.front().helo_name));
  for (const char* name : {"smtp_bind_address", "smtp_bind_address6"}) {
    const auto bound = IpAddress::Parse(patient.Get(name));
    const bool is_named =
        !bound || std::ranges::any_of(routes, [&](const EgressRoute& route) {
          return std::ranges::find(route.addresses, *bound) !=
                 route.addresses.end();
        });
    if (!is_named)
      patient.Say(name, Health::kFail,
                  bound->ToString() +
                      " is in no egress of postern.toml: SPF "
                      "is foreseen for another address",
                  "add it to addresses of its [egress] table");
  }
}

// A service with milters of its own passes Postern by.
void ExamineServices(const PostfixPatient& patient) {
  const Result<std::string> text = RunProgram(
      {kPostconf, "-c", patient.folder, "-P", "*/inet/smtpd_milters"},
      kPostconfPatience);
  if (!text) return;  // no service has any
  for (const std::string_view line : Split(*text, '\n')) {
    const std::size_t equals = line.find(" =");
    if (equals == std::string_view::npos) continue;
    const std::string value(Trim(line.substr(equals + 2)));
    if (Contains(value, "$smtpd_milters") ||
        PlaceInList(patient, MiltersOf(value)))
      continue;
    patient.Say(std::string(line.substr(0, equals)), Health::kWarn,
                "this listener has milters of its own, without Postern",
                "right for a listener that takes mail in; for submission take "
                "the override out of master.cf");
  }
}

}  // namespace

void ExaminePostfix(const std::string& folder, bool is_asked, Visit* visit) {
  Result<Settings> settings = ReadSettings(folder);
  if (!settings) {
    visit->Add({"postfix", folder, is_asked ? Health::kFail : Health::kUnknown,
                settings.error().message,
                "run the doctor on the mail server, with the folder of main.cf "
                "as --postfix"});
    return;
  }
  PostfixPatient patient{folder, std::move(*settings), is_asked, visit};
  const bool is_named =
      PlaceInList(patient, MiltersOf(patient.Get("smtpd_milters"))).has_value();
  ExamineList(patient, "smtpd_milters");
  if (!is_asked && !is_named) return;  // not known to be ours
  ExamineList(patient, "non_smtpd_milters");
  ExamineRewriting(patient);
  ExamineTimes(patient);
  ExamineVersion(patient);
  ExaminePlain(patient);
  ExamineEgressNames(patient);
  ExamineServices(patient);
  ExaminePostfixReach(patient);
}

}  // namespace postern
