using System.ComponentModel;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Runs Python programs that need PyTorch in processes of their own.</summary>
public static class PythonProcess
{
    private static readonly Lazy<string?> Found = new(() => Find("torch, torchvision"));
    private static readonly Lazy<string?> FoundProtobuf = new(() => Find("google.protobuf"));

    /// <summary>A python3 that has PyTorch and torchvision, the system's or the one on the PATH; null where neither has.</summary>
    public static string? Python => Found.Value;

    /// <summary>Runs a script to its end, with one thread, and fails where it hangs.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<ChildProcess.Outcome> RunAsync(string script, params IEnumerable<string> arguments) =>
        RunByAsync(Python!, script, arguments);

    /// <summary>A python3 that has Google's protobuf library; null where neither has.</summary>
    public static string? WithProtobuf => FoundProtobuf.Value;

    /// <summary>Runs a script to its end by a given python3, and fails where it hangs.</summary>
    public static Task<ChildProcess.Outcome> RunByAsync(string python, string script, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(Start(python, ["-B", script, .. arguments]));   // -B: leaves no compiled files in the checkout

    private static string? Find(string modules) => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python => Has(python, modules));

    private static bool Has(string python, string modules)
    {
        try
        {
            return ChildProcess.RunAsync(Start(python, ["-c", $"import {modules}"])).GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (Win32Exception)   // there is no such program
        {
            return false;
        }
    }

    private static ProcessStartInfo Start(string python, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(python, arguments);
        start.Environment["OMP_NUM_THREADS"] = "1";
        return start;
    }
}

/// <summary>Skips a test where no python3 with PyTorch and torchvision is found.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequiresPyTorchAttribute : ConditionBaseAttribute
{
    /// <summary>Creates the condition.</summary>
    public RequiresPyTorchAttribute() : base(ConditionMode.Include) =>
        IgnoreMessage = "needs PyTorch and torchvision for /usr/bin/python3 or the python3 on the PATH (apt-get install python3-torchvision on Debian)";

    /// <inheritdoc/>
    public override string GroupName => nameof(RequiresPyTorchAttribute);

    /// <inheritdoc/>
    public override bool IsConditionMet => PythonProcess.Python is not null;
}

/// <summary>Skips a test where no python3 with Google's protobuf library is found.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequiresPythonProtobufAttribute : ConditionBaseAttribute
{
    /// <summary>Creates the condition.</summary>
    public RequiresPythonProtobufAttribute() : base(ConditionMode.Include) =>
        IgnoreMessage = "needs protobuf for /usr/bin/python3 or the python3 on the PATH (apt-get install python3-protobuf on Debian)";

    /// <inheritdoc/>
    public override string GroupName => nameof(RequiresPythonProtobufAttribute);

    /// <inheritdoc/>
    public override bool IsConditionMet => PythonProcess.WithProtobuf is not null;
}
