using System.Text;

namespace MlComponents.Reporting.Tests;

/// <summary>A pipe that its reader has closed.</summary>
internal sealed class BrokenWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public int Writes { get; private set; }

    public override void Write(char value)
    {
        Writes++;
        throw new IOException("Broken pipe");
    }

    public override void Write(string? value) => Write(' ');

    public override void WriteLine(string? value) => Write(' ');
}
