using System.Diagnostics;

namespace MlComponents.Reporting.Tests;

/// <summary>Opens files in a headless browser that reaches no network.</summary>
internal static class Chromium
{
    /// <summary>The browser; null where there is none.</summary>
    public static string? Program { get; } = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin").Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>What the browser makes of a file: its document after loading, as HTML.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profile">A folder of its own.</param>
    public static async Task<string> DumpAsync(string path, string profile)
    {
        var outcome = await ChildProcess.RunAsync(new ProcessStartInfo(Program!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", $"--user-data-dir={profile}", "--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--dump-dom", new Uri(path).AbsoluteUri,
        ]));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output;
    }
}

/// <summary>Skips a test where there is no Chromium.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresChromiumAttribute : ConditionBaseAttribute
{
    public RequiresChromiumAttribute() : base(ConditionMode.Include) => IgnoreMessage = "needs Chromium on the PATH (apt-get install chromium on Debian)";

    public override string GroupName => nameof(RequiresChromiumAttribute);

    public override bool IsConditionMet => Chromium.Program is not null;
}
