#include "policy/facts/clamd.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// Answers one connection as it is told.
class FakeClamd {
 public:
  using Manner = std::function<void(int fd)>;
  explicit FakeClamd(Manner manner) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address),
                   sizeof address),
              0);
    EXPECT_EQ(listen(listener_, 1), 0);
    thread_ = std::thread([this, manner = std::move(manner)] {
      const int fd = accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      manner(fd);
      close(fd);
    });
  }
  FakeClamd(const FakeClamd&) = delete;
  FakeClamd& operator=(const FakeClamd&) = delete;
  ~FakeClamd() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  [[nodiscard]] std::string path() const { return scratch_.name() + "/s"; }
  [[nodiscard]] ClamdConfig config() const {
    return {.socket = "unix:" + path()};
  }

 private:
  ScratchDirectory scratch_;
  int listener_ = -1;
  std::thread thread_;
};

// What came until the empty chunk, without the framing.
std::string ReadStream(int fd) {
  std::string all;
  std::array<char, 4096> piece;
  while (!all.ends_with(std::string_view("\0\0\0\0", 4))) {
    const ssize_t count = recv(fd, piece.data(), piece.size(), 0);
    if (count <= 0) break;
    all.append(piece.data(), static_cast<std::size_t>(count));
  }
  return all;
}

void Say(int fd, std::string_view words) {
  (void)send(fd, words.data(), words.size(), MSG_NOSIGNAL);
}

Message Letter(std::string body = "Hello\r\n") {
  Message message;
  message.header.Receive("Subject", " Hi");
  message.body = Body::FromString(std::move(body));
  return message;
}

MalwareFact Ask(const ClamdConfig& config, const Message& message) {
  return AskClamd(config, message, In(std::chrono::seconds(20)));
}

TEST(Clamd, IsNotAskedWithoutASocket) {
  EXPECT_EQ(Ask({}, Letter()).result, MalwareFact::Result::kNotAsked);
}

TEST(Clamd, IsSentTheWholeMessage) {
  std::string got;
  MalwareFact fact;
  {
    FakeClamd clamd([&](int fd) {
      got = ReadStream(fd);
      Say(fd, std::string_view("stream: OK\0", 11));
    });
    fact = Ask(clamd.config(), Letter());
  }
  EXPECT_EQ(fact.result, MalwareFact::Result::kClean);
  EXPECT_EQ(got, std::string("zINSTREAM\0\0\0\0\x0fSubject: Hi\r\n\r\n"
                             "\0\0\0\x07Hello\r\n\0\0\0\0",
                             44));
}

TEST(Clamd, NamesWhatItFound) {
  FakeClamd clamd([](int fd) {
    (void)ReadStream(fd);
    Say(fd, std::string_view("stream: Eicar-Test FOUND\0", 25));
  });
  const MalwareFact fact = Ask(clamd.config(), Letter());
  EXPECT_EQ(fact.result, MalwareFact::Result::kFound);
  EXPECT_EQ(fact.name, "Eicar-Test");
}

TEST(Clamd, IsUnknownWhenItRefusesHalfway) {
  FakeClamd clamd([](int fd) {
    Say(fd, std::string_view("INSTREAM size limit exceeded. ERROR\0", 36));
  });
  const MalwareFact fact =
      Ask(clamd.config(), Letter(std::string(4'000'000, 'x')));
  EXPECT_EQ(fact.result, MalwareFact::Result::kUnknown);
  EXPECT_NE(fact.reason.find("size limit exceeded"), std::string::npos)
      << fact.reason;
}

TEST(Clamd, IsUnknownWhenItHangsUp) {
  FakeClamd clamd([](int) {});
  EXPECT_EQ(Ask(clamd.config(), Letter()).result,
            MalwareFact::Result::kUnknown);
}

TEST(Clamd, IsUnknownWhenItSaysNothing) {
  std::atomic<bool> is_over = false;
  FakeClamd clamd([&](int fd) {
    (void)ReadStream(fd);
    std::array<char, 1> octet;
    (void)recv(fd, octet.data(), 1, 0);  // until the other side gives up
    is_over = true;
  });
  ClamdConfig config = clamd.config();
  config.timeout = std::chrono::milliseconds(50);
  const MalwareFact fact = Ask(config, Letter());
  EXPECT_EQ(fact.result, MalwareFact::Result::kUnknown);
  EXPECT_EQ(fact.reason, config.socket + ": read: timed out");
}

TEST(Clamd, IsUnknownWhenItIsNotThere) {
  const ScratchDirectory scratch;
  const MalwareFact fact =
      Ask({.socket = "unix:" + scratch.name() + "/none"}, Letter());
  EXPECT_EQ(fact.result, MalwareFact::Result::kUnknown);
  EXPECT_NE(fact.reason.find("/none: connect: No such file"), std::string::npos)
      << fact.reason;
  EXPECT_EQ(Ask({.socket = "127.0.0.1:1"}, Letter()).result,
            MalwareFact::Result::kUnknown);
}

TEST(Clamd, IsNotSentWhatIsTooLarge) {
  const MalwareFact fact =
      Ask({.socket = "unix:/nowhere", .max_message_bytes = 3}, Letter());
  EXPECT_EQ(fact.reason, "larger than clamd.max_message_size");
}

}  // namespace
}  // namespace postern
