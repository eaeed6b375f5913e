using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

public sealed class DigestHashTests
{
    [Theory] // RFC 7616 3.9.1
    [InlineData(DigestAlgorithm.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(DigestAlgorithm.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Response_OfRfc7616Example_IsTheirs(DigestAlgorithm algorithm, string expected)
    {
        var ha1 = DigestHash.Ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life");

        var response = DigestHash.Response(
            algorithm, ha1, "GET", "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "auth",
            "00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

        Assert.Equal(expected, response);
    }

    [Fact] // RFC 2617 3.5
    public void Response_OfRfc2617Example_IsTheirs()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");

        var response = DigestHash.Response(
            DigestAlgorithm.Md5, ha1, "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "auth",
            "00000001", "0a4f113b");

        Assert.Equal("6629fae49393a05397450978507c4ef1", response);
    }

    [Fact] // H(H(bob:biloxi.com:zanzibar):nonce:H(INVITE:sip:bob@biloxi.com)), as in the examples around RFC 3261 22.4
    public void Response_WithoutQop_IsThatOfRfc2069()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "bob", "biloxi.com", "zanzibar");

        var response = DigestHash.Response(
            DigestAlgorithm.Md5, ha1, "INVITE", "sip:bob@biloxi.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", null,
            null, null);

        Assert.Equal("12af60467a33e8518da5c68bbff12b11", ha1);
        Assert.Equal("bf57e4e0d0bffc0fbaedce64d59add5e", response);
    }

    [Fact] // The same with qop=auth, nc=00000001, cnonce=0a4f113b
    public void Response_OfSipExampleWithQop_IsTheKnownOne()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "bob", "biloxi.com", "zanzibar");

        var response = DigestHash.Response(
            DigestAlgorithm.Md5, ha1, "INVITE", "sip:bob@biloxi.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "auth",
            "00000001", "0a4f113b");

        Assert.Equal("89eb0059246c02b2f6ee02c7961d5ea3", response);
    }
}
