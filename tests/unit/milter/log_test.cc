#include "milter/log.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// Gives the other tests their log back.
class LogTest : public testing::Test {
 protected:
  LogTest() : before_(spdlog::default_logger()) {}
  LogTest(const LogTest&) = delete;
  LogTest& operator=(const LogTest&) = delete;
  ~LogTest() override {
    Config to_stderr;
    to_stderr.log_target = "stderr";
    EXPECT_TRUE(SetUpLog(to_stderr));  // closes the files
    spdlog::set_default_logger(before_);
  }
  [[nodiscard]] Config To(const std::string& file) const {
    Config config;
    config.log_target = Name(file);
    return config;
  }
  [[nodiscard]] std::string Name(const std::string& file) const {
    return scratch_.name() + "/" + file;
  }
  [[nodiscard]] bool Shows(const std::string& file,
                           const std::string& text) const {
    return Contains(ReadWholeFile(Name(file)).value(), text);
  }

 private:
  ScratchDirectory scratch_;
  std::shared_ptr<spdlog::logger> before_;
};

// A thread may be about to write to the logger that it has.
TEST_F(LogTest, IsReplacedBehindTheSameLogger) {
  ASSERT_TRUE(SetUpLog(To("first")));
  spdlog::logger* logger = spdlog::default_logger_raw();
  logger->info("one");
  ASSERT_TRUE(SetUpLog(To("second")));
  EXPECT_EQ(spdlog::default_logger_raw(), logger);
  logger->info("two");
  EXPECT_TRUE(Shows("first", "one"));
  EXPECT_FALSE(Shows("first", "two"));
  EXPECT_TRUE(Shows("second", "two"));
}

TEST_F(LogTest, StaysWhenTheNewOneCannotBeOpened) {
  ASSERT_TRUE(SetUpLog(To("first")));
  EXPECT_FALSE(SetUpLog(To("first/is-no-folder")));
  spdlog::info("still here");
  EXPECT_TRUE(Shows("first", "still here"));
}

}  // namespace
}  // namespace postern
