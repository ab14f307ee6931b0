#include "milter/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>
#include <syslog.h>

#include <cstdlib>
#include <exception>
#include <memory>

namespace postern {
namespace {

constexpr char kPatternWithTime[] = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
// The journal has its own time; it takes the priority from "<6>"
// (sd-daemon(3)).
constexpr char kPatternForJournal[] = "<%N>%v";

class SyslogPriority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    out.push_back(Digit(message.level));
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<SyslogPriority>();
  }

 private:
  static char Digit(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::critical:
        return '2';
      case spdlog::level::err:
        return '3';
      case spdlog::level::warn:
        return '4';
      case spdlog::level::info:
        return '6';
      default:  // spdlog's own enum, with sentinels
        return '7';
    }
  }
};

std::unique_ptr<spdlog::formatter> JournalFormatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<SyslogPriority>('N').set_pattern(kPatternForJournal);
  return formatter;
}

spdlog::sink_ptr MakeSink(const std::string& target) {
  if (target == "syslog") {
    auto sink = std::make_shared<spdlog::sinks::syslog_sink_mt>(
        "postern", LOG_PID, LOG_MAIL, false);
    sink->set_pattern("%v");
    return sink;
  }
  spdlog::sink_ptr sink;
  if (target == "stderr")
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(target);
  if (target == "stderr" && std::getenv("JOURNAL_STREAM") != nullptr)
    sink->set_formatter(JournalFormatter());
  else
    sink->set_pattern(kPatternWithTime);
  return sink;
}

}  // namespace

// Other threads log while the log is replaced, and spdlog's default logger may
// not be: only what stands behind it changes.
Result<void> SetUpLog(const Config& config) {
  static const auto output = std::make_shared<spdlog::sinks::dist_sink_mt>();
  static const auto logger =
      std::make_shared<spdlog::logger>("postern", output);
  try {  // spdlog throws when it cannot open a file
    output->set_sinks({MakeSink(config.log_target)});
  } catch (const std::exception& e) {
    return Fail(fmt::format("log.target: {}", e.what()));
  }
  logger->set_level(spdlog::level::from_str(config.log_level));
  logger->flush_on(spdlog::level::info);
  if (spdlog::default_logger() != logger) spdlog::set_default_logger(logger);
  return {};
}

void LogToStandardError() {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
}

}  // namespace postern
