// TLS to a real Redis, with certificates made for the test.
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/free_port.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

using testing::HasSubstr;

// A self-signed certificate, which is its own authority.
void MakeCertificate(const std::string& stem, const std::string& name) {
  const std::string command = fmt::format(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      "-days 2 -subj /CN=redis -addext subjectAltName={} -keyout {}.key "
      "-out {}.pem 2>{}.log",
      name, stem, stem, stem);
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

class RedisTls : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    MakeCertificate(Stem("own"), "IP:127.0.0.1");
    MakeCertificate(Stem("other"), "IP:127.0.0.1");
    MakeCertificate(Stem("misnamed"), "IP:127.0.0.2");
  }

  std::string Stem(const std::string& name) const {
    return folder_.name() + "/" + name;
  }
  void Serve(const std::string& certificate) {
    const int port = FreePort();
    server_ = std::make_unique<RedisServer>(std::vector<std::string>{
        "--tls-port", std::to_string(port), "--bind", "127.0.0.1",
        "--tls-cert-file", Stem(certificate) + ".pem", "--tls-key-file",
        Stem(certificate) + ".key", "--tls-ca-cert-file", Stem("own") + ".pem",
        "--tls-auth-clients", "yes"});
    config_ = server_->Config();
    config_.server = fmt::format("127.0.0.1:{}", port);
    config_.tls = true;
    config_.ca_file = Stem(certificate) + ".pem";
    config_.certificate_file = Stem("own") + ".pem";
    config_.key_file = Stem("own") + ".key";
  }
  // What a PING has for an answer, or why there is none.
  std::string Ping() const {
    auto connection = RedisConnection::Open(config_, In(config_.timeout));
    if (!connection) return connection.error().message;
    const auto reply = (*connection)->Call({"PING"}, In(config_.timeout));
    return reply ? reply->text : reply.error().message;
  }

  ScratchDirectory folder_;
  std::unique_ptr<RedisServer> server_;
  RedisConfig config_;
};

TEST_F(RedisTls, VerifiesAndIsVerified) {
  Serve("own");
  EXPECT_EQ(Ping(), "PONG");
}

TEST_F(RedisTls, RefusesAnotherAuthority) {
  Serve("own");
  config_.ca_file = Stem("other") + ".pem";
  EXPECT_THAT(Ping(), HasSubstr("the certificate does not verify"));
}

TEST_F(RedisTls, RefusesACertificateOfAnotherAddress) {
  Serve("misnamed");
  EXPECT_THAT(Ping(), HasSubstr("IP address mismatch"));
}

TEST_F(RedisTls, SaysWhichFileCannotBeRead) {
  Serve("own");
  config_.key_file = Stem("missing");
  EXPECT_THAT(Ping(), HasSubstr("redis.key_file"));
}

TEST_F(RedisTls, AServerInTheClearIsSaid) {
  Serve("own");
  config_.tls = false;
  EXPECT_THAT(Ping(), testing::Not("PONG"));
}

}  // namespace
}  // namespace postern
