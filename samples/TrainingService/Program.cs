using Digits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlComponents;
using MlComponents.Hosting;
using MlComponents.Reporting;
using TrainingService;

NativeAllocator.KeepLargeBlocks();   // training on a CPU is up to half as fast again

try
{
    // The host's command line takes the word after a bare switch for its value, so --once never reaches it.
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = [.. args.Where(arg => arg != "--once")], ContentRootPath = AppContext.BaseDirectory,
    });
    var once = args.Contains("--once") || builder.Configuration.GetValue<bool>("Job:Once");

    builder.Services.AddOptions<JobOptions>().BindConfiguration("Job").ValidateDataAnnotations().ValidateOnStart();
    builder.Services.AddTraining(builder.Configuration.GetSection("Training"))
        .AddJob("digits", services => DigitsJob.Create(services.GetRequiredService<IOptions<JobOptions>>().Value))
        .AddCallback(context => new HtmlReport { Path = Path.Combine(context.OutputFolder, "report.html"), ImageShape = [1, DigitSet.Side, DigitSet.Side] });
    builder.Services.Configure<TrainingHostOptions>(options => options.StopWhenDone |= once);
    builder.Services.AddTrainingTelemetry(builder.Configuration);
    if (DigitsJob.ShowsProgressBar)
        builder.Logging.AddFilter("MlComponents.Hosting.TrainingProgress", LogLevel.Warning);

    using var host = builder.Build();
    await host.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (e is OptionsValidationException or InvalidOperationException or ArgumentException or FormatException or InvalidDataException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
